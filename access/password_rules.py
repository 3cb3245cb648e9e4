"""Which passwords are accepted: long ones that nobody guesses first. No rules of composition."""

import unicodedata
from typing import Final

from access.common_passwords import COMMON_PASSWORDS
from access.email_addresses import EmailAddress

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 256
"""In characters; an upper bound keeps hashing time flat."""


def password_fault(password: str, address: EmailAddress) -> str | None:
    """What is wrong with a new password and what would be right, or None. Never repeats the password."""
    if len(password) < MIN_LENGTH:
        return f"A password has at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"A password has at most {MAX_LENGTH} characters."
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cn"} for character in password):
        return "A password is made of characters that can be typed."
    folded = unicodedata.normalize("NFKC", password).casefold()
    local = address.key.rpartition("@")[0]
    if folded in {address.key, local, address.typed.casefold()}:
        return "The e-mail address cannot be the password."
    if folded in COMMON_PASSWORDS:
        return "This password is among the first that are guessed; choose another."
    return None
