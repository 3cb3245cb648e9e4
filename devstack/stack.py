"""The embedded stack: MongoDB, Redis, an S3 and a mail server as children of this process."""

import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from devstack.errors import StackAlreadyRunning
from devstack.mail_server import MailServer
from devstack.mongodb import MongoServer
from devstack.object_server import ObjectServer
from devstack.redis_server import RedisServer
from devstack.server import POLL_S, Server

ORPHANS_END_WITHIN_S = 8.0


@dataclass(frozen=True, slots=True)
class StackAddresses:
    """Where the servers are. The S3 endpoint is `host:port` over HTTP for the embedded server."""

    mongodb_url: str
    redis_url: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str
    smtp_url: str


class Stack:
    """Starts those of the servers that have no address yet, and ends them with this process.

    Safe to run for several checkouts and users at once: each data directory has its own servers on its own
    ports, and a lock that lives as long as the last of its servers.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        mongodb_url: str | None = None,
        redis_url: str | None = None,
        s3_endpoint: str | None = None,
        s3_access_key: str | None = None,
        s3_secret_key: str | None = None,
        smtp_url: str | None = None,
        mongodb_port: int | None = None,
        redis_port: int | None = None,
        s3_port: int | None = None,
    ) -> None:
        """Describe a stack; nothing starts yet.

        Args:
            data_dir: for data, logs and credentials; made if need be, readable by its owner alone.
            mongodb_url: a running MongoDB to use instead of an embedded one.
            redis_url: likewise for Redis.
            s3_endpoint: likewise for S3; needs both keys.
            s3_access_key: of the running S3 server.
            s3_secret_key: of the running S3 server.
            smtp_url: a running mail server to use instead of an embedded one.
            mongodb_port: TCP port of the embedded MongoDB, None for a free one.
            redis_port: likewise for Redis.
            s3_port: likewise for S3.

        Raises:
            ValueError: an S3 endpoint came without its keys.
        """
        if s3_endpoint is not None and (s3_access_key is None or s3_secret_key is None):
            raise ValueError(
                "A running S3 server needs its access key and its secret key beside its endpoint."
            )
        self.data_dir = data_dir.resolve()
        self.mongodb = MongoServer(data_dir, port=mongodb_port)
        self.redis = RedisServer(data_dir, port=redis_port)
        self.objects = ObjectServer(data_dir, port=s3_port)
        self.mail = MailServer(data_dir)
        self._mongodb_url = mongodb_url
        self._redis_url = redis_url
        self._s3_endpoint = s3_endpoint
        self._s3_access_key = s3_access_key
        self._s3_secret_key = s3_secret_key
        self._smtp_url = smtp_url
        self._lock: IO[str] | None = None

    def start(self) -> StackAddresses:
        """Start the missing servers side by side and wait until all serve.

        Raises:
            StackAlreadyRunning: a stack runs on the same data directory.
            StackError: a server cannot run; those that did start are stopped again.
        """
        if self._lock is not None:
            raise StackAlreadyRunning(self.data_dir, os.getpid())
        self._lock = _locked(self.data_dir)
        try:
            self._start_servers(self._lock.fileno())
        except BaseException:
            self.stop()
            raise
        return self.addresses()

    def addresses(self) -> StackAddresses:
        """Where the servers of a stack that has started are."""
        own_keys = self.objects.credentials if self._s3_endpoint is None else None
        return StackAddresses(
            mongodb_url=self._mongodb_url or self.mongodb.url,
            redis_url=self._redis_url or self.redis.url,
            s3_endpoint=self._s3_endpoint or self.objects.endpoint,
            s3_access_key=own_keys.access_key if own_keys else self._s3_access_key or "",
            s3_secret_key=own_keys.secret_key if own_keys else self._s3_secret_key or "",
            smtp_url=self._smtp_url or self.mail.url,
        )

    def stop(self) -> None:
        """End the embedded servers in order; their data stay. A second call does nothing."""
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(lambda server: server.stop(), self._servers()))
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _servers(self) -> list[Server]:
        """The servers that are embedded, not given."""
        given = (self._mongodb_url, self._redis_url, self._s3_endpoint, self._smtp_url)
        servers: tuple[Server, ...] = (self.mongodb, self.redis, self.objects, self.mail)
        return [server for address, server in zip(given, servers, strict=True) if address is None]

    def _start_servers(self, lock_fd: int) -> None:
        servers = self._servers()
        for server in servers:
            server.held_fd = lock_fd
        with ThreadPoolExecutor(max_workers=4) as pool:
            starts = [pool.submit(server.start) for server in servers]
        for start in starts:
            start.result()


def _locked(data_dir: Path) -> IO[str]:
    """The data directory's lock file, locked for this process and, later, for its servers.

    Whoever was killed leaves servers behind that hold the lock until they have ended, some seconds later:
    these are waited for. A holder that lives is not.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data_dir / "lock").open("a+")
    deadline = time.monotonic() + ORPHANS_END_WITHIN_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(lock)
            if (holder is not None and _is_alive(holder)) or time.monotonic() > deadline:
                lock.close()
                raise StackAlreadyRunning(data_dir, holder) from None
            time.sleep(POLL_S)
        else:
            break
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _holder(lock: IO[str]) -> int | None:
    lock.seek(0)
    text = lock.read().strip()
    return int(text) if text.isdecimal() else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
