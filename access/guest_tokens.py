"""Guest tokens: what somebody without an account holds who opened a review link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from bson.errors import InvalidId

from access.errors import Unauthenticated
from access.signed_tokens import SignedToken, SignedTokens

PREFIX: Final = "fwg_"
"""What every guest token begins with: lets scanners for leaks know one, and us tell it from others."""

_TYPE: Final = "guest+jwt"


@dataclass(frozen=True, slots=True)
class GuestClaims:
    """What a genuine token says. Whether its link is still open is the authenticator's question.

    Args:
        guest_id: the person, for as long as the token is renewed in time.
        link_id: the review link that was opened.
        name: as the guest gave it.
    """

    guest_id: PydanticObjectId
    link_id: PydanticObjectId
    name: str


class GuestTokens:
    """Issues and reads guest tokens.

    Args:
        keys: signing keys (see `SignedTokens`).
        issuer: who signs, the public URL of this installation.
        audience: whom the tokens are for.
        now: the clock, aware and in UTC.
        lifetime_s: seconds that a token is good for, as long as its link stays open.

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
        lifetime_s: int = 3_600,
    ) -> None:
        self._signed = SignedTokens(_TYPE, keys, issuer=issuer, audience=audience, now=now)
        self._lifetime_s = lifetime_s

    def __repr__(self) -> str:
        return f"GuestTokens({self._signed!r})"

    def issue(self, claims: GuestClaims) -> SignedToken:
        """Sign a token for a guest of an open link."""
        signed = self._signed.issue(
            str(claims.guest_id), lifetime_s=self._lifetime_s, link=str(claims.link_id), name=claims.name
        )
        return SignedToken(PREFIX + signed.value, signed.expires_at)

    def read(self, token: str) -> GuestClaims:
        """What a genuine token says.

        Raises:
            Unauthenticated: it is none; why is not told.
        """
        if not token.startswith(PREFIX):
            raise Unauthenticated
        claims = self._signed.read(token.removeprefix(PREFIX), "link", "name")
        try:
            return GuestClaims(
                guest_id=PydanticObjectId(claims["sub"]),
                link_id=PydanticObjectId(claims["link"]),
                name=str(claims["name"]),
            )
        except (TypeError, ValueError, InvalidId) as error:
            raise Unauthenticated from error
