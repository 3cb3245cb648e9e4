"""What follows when somebody proved once to be a user: a session, or the question for a second factor."""

from dataclasses import dataclass, field
from datetime import datetime

from documents.accounts.account_life import RESTORABLE_FOR
from documents.accounts.user import User
from resolvers.accounts.sessions import SignedIn, open_session
from resolvers.context import Context
from resolvers.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Challenged:
    """The first factor was right; the second is asked for.

    Args:
        challenge: goes with the code.
        expires_at: from then on the first factor is asked for again.
        erased_at: when the account goes for good that its owner deleted; the challenge restores it, and opens
            nothing else. None for all others.
    """

    challenge: str = field(repr=False)
    expires_at: datetime
    erased_at: datetime | None = None


async def proceed(context: Context, user: User, *, way: str) -> Outcome[SignedIn | Challenged]:
    """Go on with somebody who proved to be this user.

    Args:
        context: the operation's.
        user: not suspended; one who deleted the account is asked whether to bring it back.
        way: how it was proved, for the audit trail: `password`, or a provider's key.
    """
    if user.deleted_at is not None:
        signed = context.services.challenges.issue(user, way=way)
        return Outcome(
            Challenged(signed.value, signed.expires_at, erased_at=user.deleted_at + RESTORABLE_FOR)
        )
    if user.has_second_factor:
        signed = context.services.challenges.issue(user, way=way)
        return Outcome(Challenged(signed.value, signed.expires_at))
    return Outcome(SignedIn(user, await open_session(context, user, way=way)))
