"""Access tokens: short-lived JWTs that name a user and a session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from beanie import PydanticObjectId
from bson.errors import InvalidId

from access.errors import Unauthenticated
from access.signed_tokens import SignedToken, SignedTokens

_TYPE: Final = "at+jwt"  # RFC 9068: no other JWT signed with these keys passes for an access token


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
        keys: signing keys (see `SignedTokens`).
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
        self._signed = SignedTokens(_TYPE, keys, issuer=issuer, audience=audience, now=now)
        self._lifetime_s = lifetime_s

    def __repr__(self) -> str:
        return f"AccessTokens({self._signed!r})"

    def issue(self, user_id: PydanticObjectId, session_id: PydanticObjectId) -> SignedToken:
        """Sign a token for an open session."""
        return self._signed.issue(str(user_id), lifetime_s=self._lifetime_s, sid=str(session_id))

    def read(self, token: str) -> AccessClaims:
        """What a token says, once it is found genuine, an access token, and in time.

        Raises:
            Unauthenticated: it is not; why is not told.
        """
        claims = self._signed.read(token, "sid")
        try:
            return AccessClaims(
                user_id=PydanticObjectId(claims["sub"]),
                session_id=PydanticObjectId(claims["sid"]),
                token_id=claims["jti"],
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            )
        except (TypeError, InvalidId) as error:
            raise Unauthenticated from error
