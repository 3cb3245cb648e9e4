"""An S3 server with signatures, presigned URLs and multipart uploads over a local folder."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

from devstack.binaries import find_rclone
from devstack.process import Launch
from devstack.server import Server


@dataclass(frozen=True, slots=True)
class S3Credentials:
    """The one key pair that the server accepts."""

    access_key: str
    secret_key: str


class ObjectServer(Server):
    """An `rclone serve s3` of our own."""

    name: ClassVar[str] = "s3"
    ready_line: ClassVar[bytes] = b"Starting s3 server on"

    @property
    def endpoint(self) -> str:
        """Host and port; the server speaks plain HTTP."""
        return f"127.0.0.1:{self.port}"

    @property
    def credentials(self) -> S3Credentials:
        """The key pair: made once, then kept beside the data, readable by their owner alone."""
        return _kept_credentials(self.folder / "credentials.json")

    def launch(self, port: int) -> Launch:
        """Runs inside the folder and serves `.`: rclone would read a path with a colon as a remote's name."""
        objects = self.folder / "objects"
        objects.mkdir(mode=0o700, exist_ok=True)
        keys = self.credentials
        argv = [
            *(str(find_rclone()), "serve", "s3", ".", "--addr", f"127.0.0.1:{port}", "--allow-origin", "*"),
            *("--vfs-cache-mode", "off", "--cache-dir", str(self.folder / "cache")),
            # The cache of folders keeps its default age: at 0 s its timers spin and lock each other out.
            *("--config", "/dev/null", "--log-level", "NOTICE"),
        ]
        # In the environment, and as CSV: the list of processes shows arguments to everybody.
        return Launch(argv, cwd=objects, env={"RCLONE_AUTH_KEY": f'"{keys.access_key},{keys.secret_key}"'})

    def settle(self, port: int, deadline: float) -> None:
        """Rclone listens before it says so: nothing is left to do."""


def _kept_credentials(file: Path) -> S3Credentials:
    try:
        return S3Credentials(**json.loads(file.read_text()))
    except FileNotFoundError:
        made = S3Credentials(access_key=f"fw{secrets.token_hex(9)}", secret_key=secrets.token_hex(20))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(made)))
    part.replace(file)
    return made
