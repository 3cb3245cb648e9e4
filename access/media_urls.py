"""Addresses of stored files that open without signing in, for a while: signed, bound to one key."""

import base64
import hashlib
import hmac
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

_MIN_SECRET_BYTES: Final = 32
_SHARED_FOR: Final = (
    4  # a part of the lifetime in which one file keeps one address, so that browsers cache it
)
_LONGEST_EXPIRES: Final = 12  # digits


class MediaUrls:
    """Makes and checks addresses of `GET /media/{key}`. Cheap: no call leaves the process.

    Args:
        secrets: at least 32 bytes each in UTF-8. The first signs, all verify: to rotate, put a new one first
            and drop the old one when the last address that it signed has run out.
        public_url: where browsers reach this installation.
        now: the clock, aware and in UTC.

    Raises:
        ValueError: there is no secret, or one is too short.
    """

    def __init__(self, secrets: Sequence[str], public_url: str, *, now: Callable[[], datetime]) -> None:
        if not secrets:
            raise ValueError("No secret to sign addresses of media with.")
        if any(len(secret.encode()) < _MIN_SECRET_BYTES for secret in secrets):
            raise ValueError(f"Each secret has at least {_MIN_SECRET_BYTES} bytes; one is shorter.")
        # Derived, so that a secret that also serves another purpose signs nothing for it here.
        self._keys = [
            hmac.new(secret.encode(), b"framewright media urls", hashlib.sha256).digest()
            for secret in secrets
        ]
        self._base = public_url.rstrip("/")
        self._now = now

    def __repr__(self) -> str:
        return f"MediaUrls({len(self._keys)} secrets, {self._base!r})"

    def url(self, key: str, expires_s: int) -> str:
        """An address of the object that is good for `expires_s` seconds, and up to a quarter more.

        Whoever holds it reads the object: sign only keys of nodes that the viewer may see.
        """
        step_s = max(1, expires_s // _SHARED_FOR)
        until_s = math.ceil((self._now().timestamp() + expires_s) / step_s) * step_s
        signature = _signature(self._keys[0], key, until_s)
        return f"{self._base}/media/{quote(key)}?expires={until_s}&signature={signature}"

    def remaining_s(self, key: str, expires: str, signature: str) -> float | None:
        """For how many more seconds these parts of an address open the object; None if they do not.

        Args:
            key: the object's key, decoded.
            expires: the parameter as it came.
            signature: likewise.
        """
        if not (expires.isascii() and expires.isdecimal() and signature.isascii()):
            return None
        until_s = int(expires[:_LONGEST_EXPIRES])
        # Each is compared, so that the time tells nothing of which one signed.
        matches = [hmac.compare_digest(_signature(own, key, until_s), signature) for own in self._keys]
        remaining_s = until_s - self._now().timestamp()
        return remaining_s if any(matches) and str(until_s) == expires and remaining_s > 0 else None


def _signature(own_key: bytes, key: str, until_s: int) -> str:
    digest = hmac.new(own_key, f"{until_s}\0{key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
