"""Redis with its append-only file on: what was acknowledged a second ago survives a crash."""

from typing import ClassVar

from devstack.binaries import find_redis_server
from devstack.process import Launch
from devstack.server import Server


class RedisServer(Server):
    """A redis-server of our own."""

    name: ClassVar[str] = "redis"
    ready_line: ClassVar[bytes] = b"eady to accept connections"

    @property
    def url(self) -> str:
        """Address of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def launch(self, port: int) -> Launch:
        """Everything on the command line: a configuration file could be left over from another version."""
        argv = [
            *(str(find_redis_server()), "--port", str(port), "--bind", "127.0.0.1"),
            *("--dir", ".", "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
            *("--daemonize", "no", "--loglevel", "notice"),
        ]
        return Launch(argv, cwd=self.folder, env={"LC_ALL": "C"})

    def settle(self, port: int, deadline: float) -> None:
        """Redis says that it is ready after it has loaded its data: nothing is left to do."""
