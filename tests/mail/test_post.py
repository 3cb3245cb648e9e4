"""Handing mails over to a real SMTP server, to one that refuses, and to none."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from devstack.server import free_port
from mail.composition import Letter, compose
from mail.errors import MailDelayed, MailRefused
from mail.post import FolderPost, SmtpPost, SmtpServer
from mail.template import MailTemplate
from tests.mailbox import Mailbox, text_of


def a_mail(to: str) -> EmailMessage:
    letter = Letter(MailTemplate.VERIFY_EMAIL, to, "pt", {"name": "Zoë 蜂"}, "https://app.example/", "1")
    return compose(letter, sender="Studio <a@b.example>", at=datetime.now(UTC))


@pytest.mark.parametrize("local", ["ana", "jos\u00e9", "a+b"])
async def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox, local: str) -> None:
    address = f"{local}@{uuid4().hex}.example"
    await SmtpPost(SmtpServer.parse(mailbox.smtp_url)).send(a_mail(address))
    (letter,) = mailbox.letters_to(address)
    assert str(letter["Subject"]) == "Confirme o seu endereço de e-mail"
    assert "Zoë 蜂" in text_of(letter)


@asynccontextmanager
async def server_that_answers(answer: Callable[[bytes], bytes]) -> AsyncIterator[SmtpPost]:
    """An SMTP server that says something of its own to each command."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            writer.write(answer(line.strip().upper()) + b"\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield SmtpPost(SmtpServer("127.0.0.1", port))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (b"550 5.1.1 no such mailbox", MailRefused),
        (b"451 4.7.1 greylisted", MailDelayed),
        (b"421 closing", MailDelayed),
    ],
)
async def test_what_the_server_says_of_the_recipient_decides(reply: bytes, expected: type[Exception]) -> None:
    def answer(line: bytes) -> bytes:
        return reply if line.startswith(b"RCPT") else b"250 fine"

    async with server_that_answers(answer) as post:
        with pytest.raises(expected) as failed:
            await post.send(a_mail("ana@example.com"))
    assert "ana@example.com" not in str(failed.value)


async def test_an_address_beyond_ascii_is_refused_where_the_server_cannot_write_it() -> None:
    async with server_that_answers(lambda _line: b"250 fine") as post:
        with pytest.raises(MailRefused, match="SMTPUTF8"):
            await post.send(a_mail("jos\u00e9@example.com"))


async def test_tls_that_is_demanded_and_not_offered_sends_nothing() -> None:
    async with server_that_answers(lambda _line: b"250 fine") as post:
        strict = SmtpPost(SmtpServer(post.server.host, post.server.port, needs_starttls=True))
        with pytest.raises((MailDelayed, MailRefused)):
            await strict.send(a_mail("ana@example.com"))


async def test_a_server_that_is_away_delays() -> None:
    with pytest.raises(MailDelayed):
        await SmtpPost(SmtpServer("127.0.0.1", free_port())).send(a_mail("ana@example.com"))


async def test_without_a_server_mails_are_files_for_their_owner_alone(tmp_path: Path) -> None:
    await FolderPost(tmp_path / "mails").send(a_mail("ana@example.com"))
    (file,) = (tmp_path / "mails").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0
    assert message_from_bytes(file.read_bytes())["To"] == "ana@example.com"


def test_addresses_of_servers_are_read() -> None:
    assert SmtpServer.parse("smtp://mail.example") == SmtpServer("mail.example", 25)
    assert SmtpServer.parse("smtps://me:p%40ss@mail.example") == SmtpServer(
        "mail.example", 465, is_tls=True, username="me", password="p@ss"
    )
    starttls = SmtpServer.parse("smtp+starttls://me:x@mail.example:2525")
    assert (starttls.port, starttls.needs_starttls) == (2525, True)
    assert "p@ss" not in repr(SmtpServer.parse("smtps://me:p%40ss@mail.example"))


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://me:secret@mail.example", "smtp://a/b"],
)
def test_an_address_that_is_none_or_would_show_the_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp") as refused:
        SmtpServer.parse(url)
    assert "secret" not in str(refused.value)
