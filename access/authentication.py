"""Who is behind an access token, now."""

from collections.abc import Callable
from datetime import datetime

from access.errors import Unauthenticated
from access.tokens import AccessTokens
from access.viewer import Viewer
from documents.session import Session


class Authenticator:
    """Turns access tokens into viewers.

    Nothing is cached: the session is read each time (one round trip, by ids), so that signing out, a
    reused refresh token or a suspension take effect with the very next request.

    Args:
        tokens: reads the tokens.
        now: the clock, aware and in UTC.
    """

    def __init__(self, tokens: AccessTokens, *, now: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._now = now

    async def authenticate(self, bearer: str) -> Viewer:
        """The viewer whom an access token (without the word `Bearer`) stands for.

        Raises:
            Unauthenticated: the token is not genuine or has expired, its session is over, or its user is
                gone or suspended.
        """
        claims = self._tokens.read(bearer)
        if not await Session.admits(claims.session_id, claims.user_id, now=self._now()):
            raise Unauthenticated("This session is over: sign in again.")
        return Viewer(user_id=claims.user_id, session_id=claims.session_id)
