"""From a template and its values to a mail."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any, Final

import idna
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mail.template import MailTemplate

_FOLDER: Final = Path(__file__).with_name("templates")
_DEFAULT_LANGUAGE: Final = "en"
_LONGEST_VALUE: Final = 200
# Mail programs turn `a.example` and `https://` into links: names of people and companies must not become any.
_LINKABLE: Final = re.compile(r"(?<=\S)([.:/@])(?=\S)")
_WORD_JOINER: Final = "\u2060"

_LOADER: Final = FileSystemLoader(_FOLDER)
_TEXT: Final = Environment(loader=_LOADER, undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain text
_HTML: Final = Environment(loader=_LOADER, undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail is made of.

    Args:
        to: address as its owner typed it.
        locale: BCP 47 tag; a language without texts of its own is answered in English.
        values: what the texts mention, `template.values` exactly.
        link: where its button leads.
        letter_id: the same at each try, so that a mail that was sent twice shows once.
    """

    template: MailTemplate
    to: str
    locale: str
    values: Mapping[str, str]
    link: str
    letter_id: str


def compose(letter: Letter, *, sender: str, at: datetime) -> EmailMessage:
    """The mail, in plain text and in HTML.

    Args:
        letter: what it tells.
        sender: `Name <address>` or an address.
        at: when it is sent.
    """
    language, texts = _texts(letter.locale)
    text = texts[letter.template.value]
    values = {name: _harmless(value) for name, value in letter.values.items()}
    subject = " ".join(_filled(text["subject"], values).split())
    parts: dict[str, Any] = {
        "language": language,
        "subject": subject,
        "before": [_filled(paragraph, values) for paragraph in text["before"]],
        "after": [_filled(paragraph, values) for paragraph in text["after"]],
        "button": text["button"],
        "link": letter.link,
    }
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = recipient(letter.to)
    message["Subject"] = subject.replace(_WORD_JOINER, "")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.letter_id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT.get_template("layout.txt").render(parts))
    message.add_alternative(_HTML.get_template("layout.html").render(parts), subtype="html")
    return message


def recipient(typed: str) -> Address:
    """An address as mail servers take it: the domain in ASCII, the part before it as it was typed."""
    local, _, domain = typed.rpartition("@")
    return Address("", local, idna.encode(domain, uts46=True, std3_rules=True).decode("ascii"))


def languages() -> frozenset[str]:
    """The languages that have texts."""
    return frozenset(file.stem for file in _FOLDER.glob("*.toml"))


@cache
def _read(language: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text())


def _texts(locale: str) -> tuple[str, dict[str, Any]]:
    wanted = locale.partition("-")[0].lower()
    language = wanted if wanted in languages() else _DEFAULT_LANGUAGE
    return language, _read(language)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _TEXT.from_string(text).render(values)


def _harmless(value: str) -> str:
    line = " ".join(value.split())
    shown = line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"
    return _LINKABLE.sub(rf"\1{_WORD_JOINER}", shown)
