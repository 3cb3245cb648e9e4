"""Who came by a review link, now."""

from collections.abc import Callable
from datetime import datetime

from beanie import PydanticObjectId

from access.errors import Unauthenticated
from access.guest_tokens import GuestClaims, GuestTokens
from access.signed_tokens import SignedToken
from access.viewer import Guest
from documents.projects.review_link import ReviewLink


class Guests:
    """Turns open review links into guests, and guest tokens into guests again.

    The link is read with each request, so that ending it, or deleting its project, shuts its guests out with
    their very next one.

    Args:
        tokens: issues and reads the tokens.
        now: the clock, aware and in UTC.
    """

    def __init__(self, tokens: GuestTokens, *, now: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._now = now

    def admit(self, link: ReviewLink, *, name: str, guest_id: PydanticObjectId) -> SignedToken:
        """A token for somebody who may come by this link."""
        return self._tokens.issue(GuestClaims(guest_id=guest_id, link_id=link.id, name=name))

    async def authenticate(self, bearer: str) -> Guest:
        """The guest whom a token (without the word `Bearer`) stands for.

        Raises:
            Unauthenticated: the token is not genuine or has expired, or its link opens nothing any more.
        """
        claims = self._tokens.read(bearer)
        link = await ReviewLink.open_one(claims.link_id, now=self._now())
        if link is None:
            raise Unauthenticated("This review link does not work any more.")
        return Guest(
            link_id=link.id,
            project_id=link.project_id,
            role=link.role,
            name=claims.name,
            guest_id=claims.guest_id,
        )
