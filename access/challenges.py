"""Challenges: tokens of those whose first factor was right and whose second is still asked for."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beanie import PydanticObjectId
from bson.errors import InvalidId

from access.errors import Unauthenticated
from access.signed_tokens import SignedToken, SignedTokens
from documents.accounts.user import User

_TYPE: Final = "second-factor+jwt"
_LIFETIME_S: Final = 300


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a genuine challenge says.

    Args:
        user_id: who proved the first factor.
        way: how: `PASSWORD`, or a provider's key.
        password_mark: see `mark`.
    """

    user_id: PydanticObjectId
    way: str
    password_mark: str


class Challenges:
    """Issues and reads challenges; each is good for five minutes and opens nothing by itself.

    Args:
        keys: signing keys (see `SignedTokens`).
        issuer: who signs, the public URL of this installation.
        audience: whom the tokens are for.
        now: the clock, aware and in UTC.
    """

    def __init__(
        self, keys: Sequence[str], *, issuer: str, audience: str, now: Callable[[], datetime]
    ) -> None:
        self._signed = SignedTokens(_TYPE, keys, issuer=issuer, audience=audience, now=now)

    def __repr__(self) -> str:
        return f"Challenges({self._signed!r})"

    def issue(self, user: User, *, way: str) -> SignedToken:
        """Sign a challenge for somebody who proved to be this user by one factor."""
        return self._signed.issue(str(user.id), lifetime_s=_LIFETIME_S, way=way, pwd=mark(user))

    def read(self, challenge: str) -> Challenge:
        """What a challenge says, once it is found genuine and in time.

        Raises:
            Unauthenticated: it is not.
        """
        claims = self._signed.read(challenge, "way", "pwd")
        try:
            return Challenge(PydanticObjectId(claims["sub"]), str(claims["way"]), str(claims["pwd"]))
        except (TypeError, InvalidId) as error:
            raise Unauthenticated from error


def mark(user: User) -> str:
    """Changes with the password, so that a challenge ends with the password that it was given for."""
    return hashlib.sha256((user.password_hash or "").encode()).hexdigest()[:16]
