"""Access tokens: short-lived JWTs that name a user and a session."""

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from beanie import PydanticObjectId
from bson.errors import InvalidId

from access.errors import Unauthenticated

_ALGORITHM: Final = "HS256"
_TYPE: Final = "at+jwt"  # RFC 9068: no other JWT signed with these keys passes for an access token
_MIN_KEY_BYTES: Final = 32
_MAX_TOKEN_CHARACTERS: Final = 4_096
_CLOCK_SKEW_S: Final = 60
_REQUIRED: Final = ("exp", "iat", "sub", "sid", "jti", "aud", "iss")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token for the client.

    Args:
        value: the JWT; a secret until it expires.
        expires_at: from then on it is refused.
    """

    value: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a genuine token says. Whether its session is still open is the authenticator's question."""

    user_id: PydanticObjectId
    session_id: PydanticObjectId
    token_id: str
    expires_at: datetime


class AccessTokens:
    """Issues and reads access tokens.

    Args:
        keys: signing keys, at least 32 bytes each in UTF-8. The first signs, all verify: to rotate, put a
            new one first and drop the old one after `lifetime_s`. A key's `kid` is derived from the key.
        issuer: who signs, the public URL of this installation.
        audience: whom the tokens are for.
        now: the clock, aware and in UTC.
        lifetime_s: seconds that a token is good for.

    Raises:
        ValueError: there is no key, one is too short, or two are the same.
    """

    def __init__(
        self,
        keys: Sequence[str],
        *,
        issuer: str,
        audience: str,
        now: Callable[[], datetime],
        lifetime_s: int = 900,
    ) -> None:
        if not keys:
            raise ValueError("No key to sign tokens with: JWT_KEYS needs at least one.")
        if any(len(key.encode()) < _MIN_KEY_BYTES for key in keys):
            raise ValueError(f"Each of JWT_KEYS has at least {_MIN_KEY_BYTES} bytes; one is shorter.")
        self._keys = {_key_id(key): key.encode() for key in keys}
        if len(self._keys) != len(keys):
            raise ValueError("Two of JWT_KEYS are the same.")
        self._signing_key_id = next(iter(self._keys))
        self._issuer = issuer
        self._audience = audience
        self._now = now
        self._lifetime = timedelta(seconds=lifetime_s)

    def __repr__(self) -> str:
        return f"AccessTokens({len(self._keys)} keys, issuer={self._issuer!r}, audience={self._audience!r})"

    def issue(self, user_id: PydanticObjectId, session_id: PydanticObjectId) -> AccessToken:
        """Sign a token for an open session."""
        issued_s = math.floor(self._now().timestamp())
        expires_s = issued_s + int(self._lifetime.total_seconds())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(user_id),
            "sid": str(session_id),
            "jti": secrets.token_urlsafe(16),
            "iat": issued_s,
            "exp": expires_s,
        }
        value = jwt.encode(
            claims,
            self._keys[self._signing_key_id],
            algorithm=_ALGORITHM,
            headers={"kid": self._signing_key_id, "typ": _TYPE},
        )
        return AccessToken(value, datetime.fromtimestamp(expires_s, UTC))

    def read(self, token: str) -> AccessClaims:
        """What a token says, once signature, algorithm, type, issuer, audience and times are found good.

        Raises:
            Unauthenticated: any of these is not; which one is not told.
        """
        if len(token) > _MAX_TOKEN_CHARACTERS:
            raise Unauthenticated
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != _TYPE:
                raise Unauthenticated
            claims = jwt.decode(
                token,
                self._keys[header["kid"]],
                algorithms=[_ALGORITHM],  # never from the header
                issuer=self._issuer,
                audience=self._audience,
                # Times are compared below, with the clock that all else goes by.
                options={
                    "require": list(_REQUIRED),
                    "verify_exp": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
            return self._checked(claims)
        # ValueError: what PyJWT lets through of malformed input; KeyError: a key id that is not ours.
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, InvalidId) as error:
            raise Unauthenticated from error

    def _checked(self, claims: dict[str, Any]) -> AccessClaims:
        expires_s, issued_s = claims["exp"], claims["iat"]
        if type(expires_s) is not int or type(issued_s) is not int:
            raise TypeError("times are whole seconds")
        now_s = self._now().timestamp()
        if not issued_s - _CLOCK_SKEW_S <= now_s < expires_s:
            raise Unauthenticated("The access token has expired: refresh it.")
        return AccessClaims(
            user_id=PydanticObjectId(claims["sub"]),
            session_id=PydanticObjectId(claims["sid"]),
            token_id=claims["jti"],
            expires_at=datetime.fromtimestamp(expires_s, UTC),
        )


def _key_id(key: str) -> str:
    # Keyed by the key itself, so that the public id gives nothing of it away.
    return hmac.new(key.encode(), b"framewright access token key", hashlib.sha256).hexdigest()[:16]
