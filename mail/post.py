"""Handing mails over: to an SMTP server, or to a folder where there is none."""

import asyncio
import secrets
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from mail.errors import MailDelayed, MailRefused

log = structlog.get_logger()

_DEADLINE_S: Final = 30.0
_SCHEMES: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LASTING: Final = range(500, 600)
_LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Post(Protocol):
    """Whoever carries mails away."""

    async def send(self, message: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            MailDelayed: it may be taken later.
            MailRefused: it never will be.
        """


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails are handed over.

    Args:
        host: name or address.
        port: TCP port.
        is_tls: TLS from the first byte on.
        needs_starttls: TLS before anything is said, or nothing is said; else where the server offers it.
        username: None to send without signing in.
    """

    host: str
    port: int
    is_tls: bool = False
    needs_starttls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read `smtp://host:25`, `smtp+starttls://user:password@host:587` or `smtps://user:password@host:465`.

        User and password are percent-encoded.

        Raises:
            ValueError: it is none of these, or a password would travel in the clear.
        """
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError(
                "write smtp://host:25, smtp+starttls://user:password@host:587 "
                "or smtps://user:password@host:465"
            )
        if parts.username and parts.scheme == "smtp" and parts.hostname not in _LOCAL_HOSTS:
            raise ValueError(
                "smtp:// would send the password in the clear: write smtp+starttls:// or smtps://"
            )
        return cls(
            host=parts.hostname,
            port=parts.port or _SCHEMES[parts.scheme],
            is_tls=parts.scheme == "smtps",
            needs_starttls=parts.scheme == "smtp+starttls",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """Sends over SMTP, with a connection for each mail.

    Args:
        server: to whom.
        tls_context: for tests with a certificate of their own; None for the system's authorities.
    """

    server: SmtpServer
    tls_context: ssl.SSLContext | None = None

    async def send(self, message: EmailMessage) -> None:
        """Hand one mail over; it is sent twice if the process dies after the server's answer.

        Raises:
            MailDelayed: the server is away or wants it later.
            MailRefused: the server never takes it.
        """
        server = self.server
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await aiosmtplib.send(
                    message,
                    hostname=server.host,
                    port=server.port,
                    username=server.username,
                    password=server.password,
                    use_tls=server.is_tls,
                    start_tls=False if server.is_tls else (server.needs_starttls or None),
                    timeout=_DEADLINE_S,
                    tls_context=self.tls_context,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {refused.code for refused in error.recipients}
            raise _failed(min(codes), "the recipient was refused") from error
        except aiosmtplib.SMTPAuthenticationError as error:  # the operator can mend it while we wait
            raise MailDelayed(f"The mail server does not let us in ({error.code}).") from error
        except aiosmtplib.SMTPResponseException as error:
            raise _failed(error.code, "the mail was refused") from error
        except aiosmtplib.SMTPNotSupported as error:
            raise MailRefused("The mail server cannot write to this address (no SMTPUTF8).") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailDelayed(f"The mail server cannot be reached ({type(error).__name__}).") from error


def _failed(code: int, what: str) -> MailRefused | MailDelayed:
    kind = MailRefused if code in _LASTING else MailDelayed
    return kind(f"The mail server answered {code}: {what}.")


@dataclass(frozen=True, slots=True)
class FolderPost:
    """Writes each mail into a folder as an .eml file, for installations without a mail server.

    Args:
        folder: made if need be; its files can be read by their owner alone.
    """

    folder: Path

    async def send(self, message: EmailMessage) -> None:
        """Write one mail.

        Raises:
            MailDelayed: the folder cannot be written to.
        """
        try:
            await asyncio.to_thread(self._write, bytes(message))
        except OSError as error:
            raise MailDelayed(f"The mail could not be written ({type(error).__name__}).") from error
        log.info("mail written to a file, no server is set", subject=str(message["Subject"]))

    def _write(self, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.folder / f".{secrets.token_hex(12)}"
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(self.folder / f"{part.name[1:]}.eml")
