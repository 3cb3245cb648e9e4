"""Tokens in links of mails: they name one document, are signed, and are stored nowhere.

The worker that writes a mail makes the same token each time it tries, so a mail that went out twice has one
link, and a database that is stolen has none.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from beanie import PydanticObjectId

_PREFIX: Final = "fwm_"  # lets scanners for leaked secrets know one when they see it
_ID_BYTES: Final = 12
_MAC_BYTES: Final = 32
_MIN_SECRET_BYTES: Final = 32


class LinkPurpose(StrEnum):
    """What a link is good for; a token of one purpose opens nothing of another."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a purpose, not a secret
    CHANGE_EMAIL = "CHANGE_EMAIL"
    COMPANY_INVITATION = "COMPANY_INVITATION"
    PROJECT_INVITATION = "PROJECT_INVITATION"
    REVIEW_LINK = "REVIEW_LINK"


class TokenForged(ValueError):
    """Not one of our tokens for this purpose."""


class MailTokens:
    """Makes and reads the tokens.

    Whether the document that a token names is still open, unused and in time is its own question.

    Args:
        secrets: at least 32 bytes each in UTF-8. The first signs, all verify.

    Raises:
        ValueError: there is no secret, or one is too short.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("No secret to sign links with.")
        if any(len(secret.encode()) < _MIN_SECRET_BYTES for secret in secrets):
            raise ValueError(f"Each secret has at least {_MIN_SECRET_BYTES} bytes; one is shorter.")
        self._keys = [
            hmac.new(secret.encode(), b"framewright mail tokens", hashlib.sha256).digest()
            for secret in secrets
        ]

    def __repr__(self) -> str:
        return f"MailTokens({len(self._keys)} secrets)"

    def token(self, purpose: LinkPurpose, document_id: PydanticObjectId) -> str:
        """The token that names a document; the same at every call."""
        raw = document_id.binary + _mac(self._keys[0], purpose, document_id)
        return _PREFIX + base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

    def read(self, purpose: LinkPurpose, token: str) -> PydanticObjectId:
        """The document that a token names.

        Raises:
            TokenForged: it is none of ours, or one for something else.
        """
        encoded = token.strip().removeprefix(_PREFIX)
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except ValueError as error:
            raise TokenForged("This is no token of ours.") from error
        if len(raw) != _ID_BYTES + _MAC_BYTES or not token.strip().startswith(_PREFIX):
            raise TokenForged("This is no token of ours.")
        document_id, mac = PydanticObjectId(raw[:_ID_BYTES]), raw[_ID_BYTES:]
        # Each is compared, so that the time tells nothing of which one signed.
        matches = [hmac.compare_digest(_mac(key, purpose, document_id), mac) for key in self._keys]
        if not any(matches):
            raise TokenForged("This is no token of ours.")
        return document_id


def _mac(key: bytes, purpose: LinkPurpose, document_id: PydanticObjectId) -> bytes:
    return hmac.new(key, f"{purpose.value}\0{document_id}".encode(), hashlib.sha256).digest()
