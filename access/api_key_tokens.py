"""API keys as their holders have them: opaque, shown once, known to the database only by digest."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from beanie import PydanticObjectId

from access.errors import Unauthenticated

PREFIX: Final = "fwk_"
"""What every key begins with: lets scanners for leaked secrets know one, and us tell it from a JWT."""

_ID_BYTES: Final = 12
_SECRET_BYTES: Final = 32
_CHARACTERS: Final = len(PREFIX) + 59
"""44 bytes in base64 without padding."""


@dataclass(frozen=True, slots=True)
class ApiKeyToken:
    """A key taken apart.

    Args:
        key_id: the document that knows it.
        secret: 256 random bits.
    """

    key_id: PydanticObjectId
    secret: bytes = field(repr=False)

    @classmethod
    def make(cls) -> "ApiKeyToken":
        """A new key."""
        return cls(PydanticObjectId(), secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "ApiKeyToken":
        """Take a key apart.

        Raises:
            Unauthenticated: it has not the form of one.
        """
        if not text.startswith(PREFIX) or len(text) != _CHARACTERS:
            raise Unauthenticated("This is no API key.")
        try:
            raw = base64.b64decode(text.removeprefix(PREFIX) + "=", altchars=b"-_", validate=True)
        except ValueError as error:
            raise Unauthenticated("This is no API key.") from error
        token = cls(PydanticObjectId(raw[:_ID_BYTES]), raw[_ID_BYTES:])
        if token.reveal() != text:  # base64 has spare bits at the end: one key has one spelling
            raise Unauthenticated("This is no API key.")
        return token

    def reveal(self) -> str:
        """The key as its holder gets it. Not `__str__`, so that no message can print it by accident."""
        raw = self.key_id.binary + self.secret
        return PREFIX + base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

    @property
    def secret_hash(self) -> bytes:
        """What the database knows of the secret. Plain SHA-256 suits 256 random bits."""
        return hashlib.sha256(b"api key" + self.secret).digest()
