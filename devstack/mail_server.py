"""A mail server of our own that keeps what it is given as .eml files and forwards nothing."""

import sys
from pathlib import Path
from typing import ClassVar

from devstack.process import Launch
from devstack.server import Server

_PROGRAM = Path(__file__).with_name("mail_sink.py")


class MailServer(Server):
    """An SMTP server in a process of its own."""

    name: ClassVar[str] = "mail"
    ready_line: ClassVar[bytes] = b"Ready to keep mails"

    @property
    def url(self) -> str:
        """Where mails are handed over."""
        return f"smtp://127.0.0.1:{self.port}"

    def launch(self, port: int) -> Launch:
        """Mails are kept in the server's folder, one file each."""
        return Launch([sys.executable, str(_PROGRAM), str(port), str(self.folder)], cwd=self.folder)

    def settle(self, port: int, deadline: float) -> None:
        """It says that it is ready once it listens: nothing is left to do."""
