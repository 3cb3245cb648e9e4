"""Sessions: opened, gone on with, looked at and ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

import structlog
from beanie import PydanticObjectId

from access.errors import NotFound, Unauthenticated
from access.permissions import Permission
from access.refresh_tokens import RefreshToken
from documents.accounts.session import Session, SessionEnd
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.context import Context
from resolvers.outcome import Outcome

_log = structlog.get_logger()
_SESSION_OVER: Final = "This session is over: sign in again."

MOST_SHOWN: Final = 100
"""Sessions of one user that are listed, those that were used last."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client holds of a session.

    Args:
        access_token: goes with every request, until `access_expires_at`.
        refresh_token: good for one exchange, until `refresh_expires_at`.
    """

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the tokens of one of the user's sessions."""

    user: User
    tokens: Tokens


class SignOutScope(Enum):
    """Which sessions a sign-out ends."""

    THIS_SESSION = "THIS_SESSION"
    ALL_SESSIONS = "ALL_SESSIONS"


async def open_session(context: Context, user: User, *, way: str) -> Tokens:
    """Open a session for somebody who has proved to be this user, with all that it takes.

    Failures from there are forgotten, and the network is known as the user's from now on.

    Args:
        context: the operation's.
        user: who.
        way: how it was proved, for the audit trail: `password`, `sign-up`, a provider's name.
    """

    async def act(acting: AccountAct) -> Outcome[Tokens]:
        return Outcome(await open_within(acting, user, way=way))

    outcome = await act_on_account(context, act)
    assert outcome.result is not None  # noqa: S101 - the act refuses nothing
    await known_here(context, user)
    return outcome.result


async def known_here(context: Context, user: User) -> None:
    """Forget failures of somebody who signed in from here with all that it takes."""
    await context.services.lock_out.succeeded(user.email_key, context.remote_address)


async def open_within(acting: AccountAct, user: User, *, way: str) -> Tokens:
    """Open a session as a part of a larger change, such as the use of a code.

    Call `known_here` once it is written.

    Raises:
        Unauthenticated: since the user was read the password was replaced, or the account shut out or closed.
    """
    if not await User.hold_open(user.id, password_hash=user.password_hash, session=acting.session):
        raise Unauthenticated("This sign-in is over: begin again.")
    token = RefreshToken.first(PydanticObjectId())
    session = await Session.open(
        token.session_id,
        user.id,
        family_hash=token.family_hash,
        refresh_hash=token.own_hash,
        user_agent=acting.context.request.headers.get("user-agent", ""),
        address=acting.context.remote_address,
        now=acting.now,
        session=acting.session,
    )
    await acting.record(AuditAction.SIGNED_IN, user.id, way=way, session_id=str(token.session_id))
    return _tokens(acting.context, session, token)


async def refresh_tokens(context: Context, *, refresh_token: str) -> Outcome[SignedIn]:
    """Trade a refresh token for new tokens; the old one is used up.

    One that was used up before ends its session, for the owner as for a thief.

    Raises:
        RateLimited: too many from this IP address.
        Unauthenticated: the token is unknown, used up or expired, its session over or its user shut out.
    """
    await context.services.rate_limits.count_refresh(context.remote_address)
    presented = RefreshToken.parse(refresh_token)
    following = presented.next()
    now = context.services.now()
    session = await Session.rotate(
        presented.session_id,
        family_hash=presented.family_hash,
        presented_hash=presented.own_hash,
        next_hash=following.own_hash,
        now=now,
    )
    if session is None:
        await _end_if_reused(context, presented)
        raise Unauthenticated(_SESSION_OVER)
    user = await User.get(session.user_id)
    if user is None or user.is_suspended:
        await Session.end(presented.session_id, SessionEnd.SUSPENDED, now=now)
        raise Unauthenticated(_SESSION_OVER)
    return Outcome(SignedIn(user, _tokens(context, session, following)))


async def _end_if_reused(context: Context, presented: RefreshToken) -> None:
    async def act(acting: AccountAct) -> Outcome[bool]:
        ended = await Session.end_if_reused(
            presented.session_id,
            family_hash=presented.family_hash,
            presented_hash=presented.own_hash,
            now=acting.now,
            session=acting.session,
        )
        if ended is None:
            return Outcome(result=False)
        await acting.record(
            AuditAction.REFRESH_TOKEN_REUSED, ended.user_id, session_id=str(presented.session_id)
        )
        await acting.tell_access_changed(ended.user_id, "SESSION_ENDED")
        return Outcome(result=True)

    outcome = await act_on_account(context, act)
    if outcome.result:
        _log.warning(
            "refresh_token_reused", session_id=str(presented.session_id), address=context.remote_address
        )


async def sign_out(context: Context, *, scope: SignOutScope) -> Outcome[int]:
    """End this session or all of the viewer's; the result is how many were open.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    viewer = context.require_viewer()
    assert viewer.session_id is not None  # noqa: S101 - the operation's rule asks for a session
    session_id = viewer.session_id

    async def act(acting: AccountAct) -> Outcome[int]:
        if scope is SignOutScope.ALL_SESSIONS:
            ended = await end_all(acting, viewer.user_id, SessionEnd.SIGNED_OUT)
        else:
            ended = await _end_one(acting, session_id, viewer.user_id, SessionEnd.SIGNED_OUT)
        return Outcome(ended)

    return await act_on_account(context, act)


async def end_all(
    acting: AccountAct,
    user_id: PydanticObjectId,
    reason: SessionEnd,
    *,
    but: PydanticObjectId | None = None,
) -> int:
    """End every open session of a user, and close what they have open; how many there were.

    Args:
        acting: the change that this is a part of.
        user_id: whose.
        reason: why.
        but: a session that goes on.
    """
    ended = await Session.end_all(user_id, reason, now=acting.now, but=but, session=acting.session)
    if ended:
        await acting.record(AuditAction.SESSION_ENDED, user_id, reason=reason.value, sessions=ended)
    await acting.tell_access_changed(user_id, "SESSION_ENDED")
    return ended


async def _end_one(
    acting: AccountAct, session_id: PydanticObjectId, user_id: PydanticObjectId, reason: SessionEnd
) -> int:
    if not await Session.end(session_id, reason, user_id=user_id, now=acting.now, session=acting.session):
        return 0
    await acting.record(AuditAction.SESSION_ENDED, user_id, reason=reason.value, session_id=str(session_id))
    await acting.tell_access_changed(user_id, "SESSION_ENDED")
    return 1


async def revoke(context: Context, session_id: PydanticObjectId) -> Outcome[PydanticObjectId]:
    """End one of the viewer's sessions, on whichever device it is.

    Raises:
        NotFound: the viewer has no such session, or it is over.
    """
    viewer = context.require_viewer()

    async def act(acting: AccountAct) -> Outcome[PydanticObjectId]:
        if not await _end_one(acting, session_id, viewer.user_id, SessionEnd.REVOKED):
            raise NotFound("Session")
        return Outcome(session_id)

    return await act_on_account(context, act)


async def of_user(context: Context, user: User) -> Sequence[Session] | None:
    """A user's open sessions, those that were used last first; None for anybody but the user."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_MANAGE):
        return None
    return await Session.open_ones(user.id, now=context.services.now(), most=MOST_SHOWN)


async def visible(context: Context, session_id: PydanticObjectId) -> Session | None:
    """An open session of the viewer's own; None for any other."""
    viewer = context.viewer
    if viewer is None or not viewer.is_in_scope(Permission.ACCOUNT_MANAGE):
        return None
    session = await Session.get(session_id)
    if session is None or session.user_id != viewer.user_id or not session.is_open(context.services.now()):
        return None
    return session


def _tokens(context: Context, session: Session, refresh_token: RefreshToken) -> Tokens:
    access_token = context.services.tokens.issue(session.user_id, refresh_token.session_id)
    return Tokens(
        access_token=access_token.value,
        access_expires_at=access_token.expires_at,
        refresh_token=refresh_token.reveal(),
        refresh_expires_at=session.expires_at,
    )
