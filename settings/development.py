"""Secrets for a development server: made once per data directory, then kept."""

import os
import secrets
from pathlib import Path

from settings.environment import variable

_FILE = "secrets.env"


def development_secrets(data_dir: Path) -> dict[str, str]:
    """Signing and encryption keys by variable name, the same at every start with the same directory.

    Args:
        data_dir: made if it does not exist. The file in it can be read by its owner alone.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / _FILE
    if not path.exists():
        lines = [f"{variable(name)}=dev:{secrets.token_hex(32)}\n" for name in ("jwt_keys", "secrets_keys")]
        # Written aside and linked: of two first starts at once one wins whole, and both read the same.
        draft = path.with_name(f"{_FILE}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(lines)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return dict(line.split("=", 1) for line in path.read_text().splitlines())
