"""Proving once more who one is, before what an unattended screen must not be enough for."""

from datetime import timedelta
from typing import Final

from access.errors import Unauthenticated
from documents.accounts.session import Session
from documents.accounts.user import User
from resolvers.context import Context
from resolvers.outcome import UserError, UserErrorCode

FRESH: Final = timedelta(minutes=10)
"""How old a sign-in may be that stands for the password of an account without one."""


async def own_account(context: Context) -> User:
    """The viewer's account.

    Raises:
        Unauthenticated: nobody is signed in, or the account is gone.
    """
    user = await User.get(context.require_viewer().user_id)
    if user is None:
        raise Unauthenticated
    return user


async def proof_fault(
    context: Context, user: User, password: str | None, *, at: str = "input.password"
) -> UserError | None:
    """What is wrong with the proof that the viewer is this user, or None.

    An account with a password wants it. One without, which signs in through a provider, wants a session that
    was opened a short while ago.

    Raises:
        RateLimited: too many tries.
    """
    if user.password_hash is None:
        viewer = context.require_viewer()
        session = None if viewer.session_id is None else await Session.get(viewer.session_id)
        if session is not None and session.created_at > context.services.now() - FRESH:
            return None
        text = "This account has no password: sign in again and try once more within 10 minutes."
        return UserError(UserErrorCode.INVALID, None, text)
    if password is None:
        return UserError(UserErrorCode.INVALID, at, "Enter the password of your account.")
    await context.services.rate_limits.count_guess(f"password:{user.id}", context.remote_address)
    if await context.services.passwords.verify(user.password_hash, password):
        return None
    return UserError(UserErrorCode.INVALID, at, "This is not the password of your account.")
