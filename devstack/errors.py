"""What can go wrong while the embedded stack starts.

StackError
├── BinaryMissing       no server binary for this machine
├── LibraryMissing      a shared library that a server links is not installed
├── PortTaken           another process listens on the port
├── ServerFailed        a server ended, or did not answer in time
└── StackAlreadyRunning another process runs a stack on the same data directory
"""

from pathlib import Path


class StackError(Exception):
    """The embedded stack cannot run; the message says what to do about it."""


class BinaryMissing(StackError):
    """Neither PATH nor the installed packages hold a server that runs here."""

    def __init__(self, name: str, platform: str) -> None:
        super().__init__(
            f"There is no {name} for {platform}: put one on PATH, set the address of a running one, "
            "or run everything in containers with `docker compose up`."
        )
        self.name = name


class LibraryMissing(StackError):
    """The dynamic loader would not find a library, so the server would end before its first line."""

    def __init__(self, binary: Path, libraries: tuple[str, ...], advice: str) -> None:
        super().__init__(f"{binary.name} needs {', '.join(libraries)}, which this machine lacks. {advice}")
        self.binary = binary
        self.libraries = libraries


class PortTaken(StackError):
    """The port was free when it was chosen, or was asked for, and another process has it now."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(f"{name} cannot listen on port {port} of 127.0.0.1: another process does.")
        self.name = name
        self.port = port


class ServerFailed(StackError):
    """A server ended while starting, or was not ready in time."""

    def __init__(self, name: str, reason: str, log: Path, tail: str) -> None:
        super().__init__(f"{name} {reason}. The end of {log}:\n{tail}")
        self.name = name
        self.log = log


class StackAlreadyRunning(StackError):
    """Two stacks on one data directory would write over each other's files."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"{data_dir} is in use by a stack that {holder} started: stop that one, or use another directory."
        )
        self.data_dir = data_dir
        self.pid = pid
