"""What follows when somebody proved once to be a user: a session, or the question for a second factor."""

from dataclasses import dataclass, field
from datetime import datetime

from documents.user import User
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.sessions import SignedIn, open_session


@dataclass(frozen=True, slots=True)
class Challenged:
    """The first factor was right; the second is asked for.

    Args:
        challenge: goes with the code.
        expires_at: from then on the first factor is asked for again.
    """

    challenge: str = field(repr=False)
    expires_at: datetime


async def proceed(context: Context, user: User, *, way: str) -> Outcome[SignedIn | Challenged]:
    """Go on with somebody who proved to be this user.

    Args:
        context: the operation's.
        user: neither suspended nor gone.
        way: how it was proved, for the audit trail: `password`, or a provider's key.
    """
    if user.has_second_factor:
        signed = context.services.challenges.issue(user, way=way)
        return Outcome(Challenged(signed.value, signed.expires_at))
    return Outcome(SignedIn(user, await open_session(context, user, way=way)))
