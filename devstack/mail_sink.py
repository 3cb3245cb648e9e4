"""A mail server that keeps everything and forwards nothing: `python mail_sink.py PORT FOLDER`.

Run as a program of its own. It speaks SMTP with SMTPUTF8; each mail becomes one .eml file, written whole.
"""

import asyncio
import secrets
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class KeepMails:
    """Writes mails into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name
        """Keep one mail."""
        content = envelope.original_content or b""
        recipients = ", ".join(envelope.rcpt_tos).encode("utf-8", "surrogateescape")
        part = self._folder / f".{secrets.token_hex(12)}"
        part.write_bytes(b"X-Envelope-To: " + recipients + b"\r\n" + content)
        part.replace(self._folder / f"{part.name[1:]}.eml")
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Take mails until the process ends."""
    keeper = KeepMails(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, hostname="mail.framewright.invalid", loop=loop),
        "127.0.0.1",
        port,
    )
    print("Ready to keep mails", flush=True)  # noqa: T201 - the starting process waits for it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
