"""The codes of a second factor: those that an app shows, and those that replace it once each."""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Final

import pyotp
from beanie import PydanticObjectId

ISSUER: Final = "Framewright"
RECOVERY_CODES: Final = 10
_STEP_S: Final = 30
_DIGITS: Final = 6
_SKEW_STEPS: Final = 1
"""A code counts one step early and one late: phones' clocks differ, and people type slowly."""

_RECOVERY_BYTES: Final = 10  # 80 random bits: no dictionary holds them, so plain SHA-256 suits
_RECOVERY_CHARACTERS: Final = 16
_GROUP: Final = 4


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, email: str) -> str:
    """What an authenticator app reads out of a QR code: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step, about now, whose code this is; None for none. Takes the same time for any six digits."""
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    current = int(now.timestamp()) // _STEP_S
    found = None
    for step in range(current - _SKEW_STEPS, current + _SKEW_STEPS + 1):
        if secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), digits):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes such as `abcd-efgh-ijkl-mnop`, to be shown once."""
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def recovery_hash(user_id: PydanticObjectId, code: str) -> bytes | None:
    """What the database knows of a recovery code; None if it has not the form of one.

    Letter case, spaces and hyphens make no difference.
    """
    typed = "".join(code.split()).replace("-", "").lower()
    if len(typed) != _RECOVERY_CHARACTERS or not typed.isascii():
        return None
    return hashlib.sha256(b"recovery code" + user_id.binary + typed.encode()).digest()


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
