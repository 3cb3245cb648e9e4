"""E-mail addresses: which are accepted, and when two are the same."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import idna

_ASCII_SPECIALS: Final = frozenset("!#$%&'*+-/=?^_`{|}~.")
_MAX_ADDRESS: Final = 254
_MAX_LOCAL_BYTES: Final = 64
_LOOKALIKE_SCRIPTS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


class MalformedAddress(ValueError):
    """Not an address that accounts are made for; the message can be shown to whoever typed it."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address as typed, and the key that decides whether two are the same account.

    The key joins what people do not tell apart: letter case (`casefold`), compatibility forms such as
    full-width letters (NFKC), and the two spellings of an international domain (IDNA 2008). It joins more
    than mail servers do, which errs to the safe side for uniqueness only as long as **mail goes to `typed`
    of the stored account**, never to an address that somebody just entered.

    Args:
        typed: without surrounding white space.
        key: for comparison and the unique index, never for sending.
    """

    typed: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Read an address.

        Quoted local parts, comments, address literals and single-label domains are refused, as are parts
        that mix alphabets whose letters look alike (Cyrillic within Latin letters).

        Raises:
            MalformedAddress: with what is wrong and what would be right.
        """
        if len(text) > _MAX_ADDRESS:  # first: all that follows is linear in the length at best
            raise MalformedAddress(f"An e-mail address has at most {_MAX_ADDRESS} characters.")
        typed = text.strip()
        local, at, domain = typed.rpartition("@")
        if not at or not local or not domain:
            raise MalformedAddress("Enter an e-mail address such as name@example.com.")
        return cls(typed=typed, key=f"{_local_key(local)}@{_domain_key(domain)}")


def masked(typed: str) -> str:
    """An address as the audit trail may keep it for ever: `a…@example.com`, of use to those who know it."""
    local, _, domain = typed.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _local_key(local: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    if not all(map(_is_local_character, local)) or not all(map(_is_local_character, folded)):
        raise MalformedAddress("The part before the @ has characters that e-mail addresses do not have.")
    if len(folded.encode()) > _MAX_LOCAL_BYTES or len(local.encode()) > _MAX_LOCAL_BYTES:
        raise MalformedAddress(f"The part before the @ has at most {_MAX_LOCAL_BYTES} bytes.")
    if "" in folded.split("."):
        raise MalformedAddress("The part before the @ has a dot at an end, or two in a row.")
    _refuse_mixed_alphabets(folded)
    return folded


def _is_local_character(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _ASCII_SPECIALS
    # Letters, marks, numbers and symbols; no spaces, controls, invisible or unassigned characters.
    return unicodedata.category(character)[0] in "LMNS"


def _domain_key(domain: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
        unicode_domain = idna.decode(ascii_domain)
    except (idna.IDNAError, UnicodeError) as error:
        raise MalformedAddress("The part after the @ is not a domain name.") from error
    labels = ascii_domain.split(".")
    if len(labels) == 1 or labels[-1].isdigit() or "" in labels:
        raise MalformedAddress("The part after the @ is a domain name such as example.com.")
    for label in unicode_domain.split("."):
        _refuse_mixed_alphabets(label)
    return ascii_domain


def _refuse_mixed_alphabets(part: str) -> None:
    scripts = {unicodedata.name(character, "").partition(" ")[0] for character in part if character.isalpha()}
    if len(scripts & _LOOKALIKE_SCRIPTS) > 1:
        raise MalformedAddress("The address mixes letters of alphabets that look alike; type it anew.")
