"""Refresh tokens: opaque, good for one use, known to the database only by digest."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from beanie import PydanticObjectId

from access.errors import Unauthenticated

_PREFIX: Final = "fwr_"  # lets scanners for leaked secrets know one when they see it
_ID_BYTES: Final = 12
_SECRET_BYTES: Final = 32
_TOTAL_BYTES: Final = _ID_BYTES + 2 * _SECRET_BYTES


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token taken apart.

    Args:
        session_id: the session that it continues.
        family_secret: 256 random bits that all tokens of the session share.
        own_secret: 256 random bits of this token alone.
    """

    session_id: PydanticObjectId
    family_secret: bytes = field(repr=False)
    own_secret: bytes = field(repr=False)

    @classmethod
    def first(cls, session_id: PydanticObjectId) -> "RefreshToken":
        """The first token of a new session."""
        return cls(session_id, secrets.token_bytes(_SECRET_BYTES), secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "RefreshToken":
        """Take a token apart.

        Raises:
            Unauthenticated: it has not the form of one.
        """
        if not text.startswith(_PREFIX) or len(text) > 2 * _TOTAL_BYTES:
            raise Unauthenticated("The refresh token is not valid: sign in again.")
        try:
            raw = base64.b64decode(text.removeprefix(_PREFIX), altchars=b"-_", validate=True)
        except ValueError as error:
            raise Unauthenticated("The refresh token is not valid: sign in again.") from error
        if len(raw) != _TOTAL_BYTES:
            raise Unauthenticated("The refresh token is not valid: sign in again.")
        family_end = _ID_BYTES + _SECRET_BYTES
        return cls(PydanticObjectId(raw[:_ID_BYTES]), raw[_ID_BYTES:family_end], raw[family_end:])

    def next(self) -> "RefreshToken":
        """The token that takes this one's place."""
        return RefreshToken(self.session_id, self.family_secret, secrets.token_bytes(_SECRET_BYTES))

    def reveal(self) -> str:
        """The token as the client gets it. Not `__str__`, so that no message can print it by accident."""
        raw = self.session_id.binary + self.family_secret + self.own_secret
        return _PREFIX + base64.urlsafe_b64encode(raw).decode("ascii")

    @property
    def family_hash(self) -> bytes:
        """What the database knows of the family's secret. Plain SHA-256 suits 256 random bits."""
        return hashlib.sha256(b"family" + self.family_secret).digest()

    @property
    def own_hash(self) -> bytes:
        """What the database knows of this token's own secret."""
        return hashlib.sha256(b"own" + self.own_secret).digest()
