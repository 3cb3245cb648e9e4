"""How many orders one user may have waiting or under way."""

from typing import Any

from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode


async def refusal(context: Context, wanted: int) -> Outcome[Any] | None:
    """Why so many more jobs cannot be ordered now; None if they can."""
    room = await context.services.dispatcher.room(context.require_viewer().user_id)
    if wanted <= room:
        return None
    return Outcome.refused(
        UserErrorCode.LIMIT_EXCEEDED,
        f"You have room for {max(0, room)} more unfinished jobs and this would start {wanted}: "
        "wait until some are over, or cancel some.",
    )
