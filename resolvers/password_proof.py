"""Proving again, with the password, that it is the owner who is signed in."""

from access.errors import Unauthenticated
from documents.user import User
from resolvers.context import Context
from resolvers.outcome import UserError, UserErrorCode


async def own_account(context: Context) -> User:
    """The viewer's account.

    Raises:
        Unauthenticated: nobody is signed in, or the account is gone.
    """
    user = await User.get(context.require_viewer().user_id)
    if user is None:
        raise Unauthenticated
    return user


async def password_faults(context: Context, user: User, password: str, *, at: str) -> list[UserError]:
    """What is wrong with the password that was typed as proof; nothing if it is the account's.

    Args:
        context: the operation's.
        user: the viewer's account.
        password: as it was typed.
        at: where it stands in the operation.

    Raises:
        RateLimited: too many were tried, right or wrong.
    """
    if user.password_hash is None:
        text = "This account has no password: set one by `requestPasswordReset` first."
        return [UserError(UserErrorCode.INVALID, at, text)]
    await context.services.rate_limits.count_guess(f"password:{user.id}", context.remote_address)
    if await context.services.passwords.verify(user.password_hash, password):
        return []
    return [UserError(UserErrorCode.INVALID, at, "This is not the account's password.")]
