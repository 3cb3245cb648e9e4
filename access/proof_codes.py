"""Codes that a browser carries from a provider to the web application, and who may trade them in."""

import base64
import hashlib
import re
import secrets
from typing import Final

_CODE_BYTES: Final = 32
_LONGEST: Final = 128  # characters, PKCE's own bound
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_code() -> str:
    """256 random bits, for one use within minutes."""
    return secrets.token_urlsafe(_CODE_BYTES)


def code_hash(code: str) -> bytes:
    """What the database knows of a code. Plain SHA-256 suits 256 random bits."""
    return hashlib.sha256(b"proof code" + code[:_LONGEST].encode("utf-8", "surrogatepass")).digest()


def is_challenge(text: str) -> bool:
    """Whether a text is the base64url of a SHA-256 digest, as `challenge_of` makes it."""
    return _CHALLENGE.fullmatch(text) is not None


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier[:_LONGEST].encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
