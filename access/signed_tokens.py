"""JWTs that this installation signs for itself: of one type each, short-lived, with keys that rotate."""

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import jwt

from access.errors import Unauthenticated

_ALGORITHM: Final = "HS256"
_MIN_KEY_BYTES: Final = 32
_MAX_TOKEN_CHARACTERS: Final = 4_096
_CLOCK_SKEW_S: Final = 60
_ALWAYS: Final = ("exp", "iat", "sub", "jti", "aud", "iss")


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A token for the client.

    Args:
        value: the JWT; a secret until it expires.
        expires_at: from then on it is refused.
    """

    value: str = field(repr=False)
    expires_at: datetime


class SignedTokens:
    """Signs and reads tokens of one type; no token of another type signed with the same keys passes here.

    Args:
        token_type: the header's `typ`.
        keys: signing keys, at least 32 bytes each in UTF-8. The first signs, all verify: to rotate, put a
            new one first and drop the old one after the lifetime of what it signed. A key's `kid` is
            derived from the key.
        issuer: who signs, the public URL of this installation.
        audience: whom the tokens are for.
        now: the clock, aware and in UTC.

    Raises:
        ValueError: there is no key, one is too short, or two are the same.
    """

    def __init__(
        self,
        token_type: str,
        keys: Sequence[str],
        *,
        issuer: str,
        audience: str,
        now: Callable[[], datetime],
    ) -> None:
        if not keys:
            raise ValueError("No key to sign tokens with: JWT_KEYS needs at least one.")
        if any(len(key.encode()) < _MIN_KEY_BYTES for key in keys):
            raise ValueError(f"Each of JWT_KEYS has at least {_MIN_KEY_BYTES} bytes; one is shorter.")
        self._keys = {_key_id(key): key.encode() for key in keys}
        if len(self._keys) != len(keys):
            raise ValueError("Two of JWT_KEYS are the same.")
        self._type = token_type
        self._signing_key_id = next(iter(self._keys))
        self._issuer = issuer
        self._audience = audience
        self._now = now

    def __repr__(self) -> str:
        return (
            f"SignedTokens({self._type!r}, {len(self._keys)} keys, issuer={self._issuer!r}, "
            f"audience={self._audience!r})"
        )

    def issue(self, subject: str, *, lifetime_s: int, **claims: str) -> SignedToken:
        """Sign a token.

        Args:
            subject: its `sub`.
            lifetime_s: seconds that it is good for.
            claims: of its own, beside the usual ones.
        """
        issued_s = math.floor(self._now().timestamp())
        expires_s = issued_s + lifetime_s
        value = jwt.encode(
            {
                "iss": self._issuer,
                "aud": self._audience,
                "sub": subject,
                **claims,
                "jti": secrets.token_urlsafe(16),
                "iat": issued_s,
                "exp": expires_s,
            },
            self._keys[self._signing_key_id],
            algorithm=_ALGORITHM,
            headers={"kid": self._signing_key_id, "typ": self._type},
        )
        return SignedToken(value, datetime.fromtimestamp(expires_s, UTC))

    def read(self, token: str, *required: str) -> dict[str, Any]:
        """What a token says, once signature, algorithm, type, issuer, audience and times are found good.

        Args:
            token: as the client sent it.
            required: claims of its own that it must have; their values are for the caller to check.

        Raises:
            Unauthenticated: any of these is not; which one is not told.
        """
        if len(token) > _MAX_TOKEN_CHARACTERS:
            raise Unauthenticated
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != self._type:
                raise Unauthenticated
            claims: dict[str, Any] = jwt.decode(
                token,
                self._keys[header["kid"]],
                algorithms=[_ALGORITHM],  # never from the header
                issuer=self._issuer,
                audience=self._audience,
                # Times are compared below, with the clock that all else goes by.
                options={
                    "require": [*_ALWAYS, *required],
                    "verify_exp": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
            self._check_times(claims)
        # ValueError: what PyJWT lets through of malformed input; KeyError: a key id that is not ours.
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise Unauthenticated from error
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        expires_s, issued_s = claims["exp"], claims["iat"]
        if type(expires_s) is not int or type(issued_s) is not int:
            raise TypeError("times are whole seconds")
        # A time that does not exist, as of an endless token.
        datetime.fromtimestamp(expires_s, UTC)
        if not issued_s - _CLOCK_SKEW_S <= self._now().timestamp() < expires_s:
            raise Unauthenticated("The token has expired.")


def _key_id(key: str) -> str:
    # Keyed by the key itself, so that the public id gives nothing of it away.
    return hmac.new(key.encode(), b"framewright access token key", hashlib.sha256).hexdigest()[:16]
