"""Who is behind an access token or an API key, now."""

from collections.abc import Callable
from datetime import datetime

from beanie import PydanticObjectId

from access.api_key_tokens import PREFIX, ApiKeyToken
from access.errors import Unauthenticated
from access.permissions import ACCOUNT_PERMISSIONS, KEY_SCOPES, ROLE_PERMISSIONS, Permission
from access.tokens import AccessTokens
from access.viewer import Viewer
from documents.accounts.api_key import ApiKey
from documents.accounts.session import Session
from documents.accounts.standing import Standing


class Authenticator:
    """Turns access tokens and API keys into viewers.

    Nothing is cached: the session or key is read each time (one round trip, by ids), so that signing out, a
    revoked key, a reused refresh token or a suspension take effect with the very next request.

    Args:
        tokens: reads the tokens.
        now: the clock, aware and in UTC.
    """

    def __init__(self, tokens: AccessTokens, *, now: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._now = now

    async def authenticate(self, bearer: str) -> Viewer:
        """The viewer whom an access token or API key (without the word `Bearer`) stands for.

        Raises:
            Unauthenticated: the token is not genuine or has expired, its session is over, its key revoked,
                or its user gone or suspended.
        """
        if bearer.startswith(PREFIX):
            return await self._by_api_key(bearer)
        claims = self._tokens.read(bearer)
        standing = await Session.standing(claims.session_id, claims.user_id, now=self._now())
        if standing is None:
            raise Unauthenticated("This session is over: sign in again.")
        return viewer(claims.user_id, standing, session_id=claims.session_id)

    async def _by_api_key(self, bearer: str) -> Viewer:
        token = ApiKeyToken.parse(bearer)
        found = await ApiKey.standing(token.key_id, secret_hash=token.secret_hash, now=self._now())
        if found is None:
            raise Unauthenticated("This API key is unknown, revoked or has expired.")
        scopes = frozenset(scope for scope in KEY_SCOPES if scope.value in found.scopes)
        return viewer(found.user_id, found.standing, api_key_id=token.key_id, scopes=scopes)


def viewer(
    user_id: PydanticObjectId,
    standing: Standing,
    *,
    session_id: PydanticObjectId | None = None,
    api_key_id: PydanticObjectId | None = None,
    scopes: frozenset[Permission] | None = None,
) -> Viewer:
    """A user as somebody who asks. Permissions that this version does not know mean nothing."""
    held = frozenset(p for p in ROLE_PERMISSIONS if p.value in standing.permissions)
    is_shut_out = standing.lacks_second_factor
    return Viewer(
        user_id=user_id,
        session_id=session_id,
        company_id=None if is_shut_out else standing.company_id,
        role_id=standing.role_id,
        permissions=ACCOUNT_PERMISSIONS | held,
        api_key_id=api_key_id,
        scopes=scopes,
        lacks_second_factor=is_shut_out,
    )
