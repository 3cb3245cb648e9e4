"""Checking what people type about their accounts: addresses, names, languages, passwords."""

from typing import Final

from pydantic import TypeAdapter, ValidationError

from access.email_addresses import EmailAddress, MalformedAddress
from documents.text import LanguageTag, Title
from resolvers.outcome import UserError, UserErrorCode

_NAME: Final[TypeAdapter[str]] = TypeAdapter(Title)
_LOCALE: Final[TypeAdapter[str]] = TypeAdapter(LanguageTag)


def email_address(text: str, faults: list[UserError], *, at: str = "input.email") -> EmailAddress | None:
    """An address, or None and one more fault."""
    try:
        return EmailAddress.parse(text)
    except MalformedAddress as error:
        faults.append(UserError(UserErrorCode.INVALID, at, str(error)))
        return None


def person_name(text: str | None, faults: list[UserError]) -> str:
    """A name as it is stored; the text itself and one more fault if it is none."""
    return _checked(_NAME, text, "input.name", "A name is one line of 1 to 200 characters.", faults)


def language_tag(text: str | None, faults: list[UserError]) -> str:
    """A language tag; the text itself and one more fault if it is none."""
    rule = "A locale is a language tag such as en or pt-BR."
    return _checked(_LOCALE, text, "input.locale", rule, faults)


def _checked(kind: TypeAdapter[str], text: str | None, at: str, rule: str, faults: list[UserError]) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError:
        faults.append(UserError(UserErrorCode.INVALID, at, rule))
        return text or ""
