"""What the viewer may still spend with the installation's keys, and whether an order fits into that."""

from dataclasses import dataclass
from datetime import datetime

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.accounts.user import User
from documents.jobs.personal_spending import PersonalSpending, room_again_at, spending_of
from resolvers.context import Context
from resolvers.outcome import UserError, UserErrorCode
from tasks.buying.estimate import Bill, is_over
from tasks.buying.setting_aside import OWN_KEY, over_limit


@dataclass(frozen=True, slots=True)
class ShownSpending:
    """How somebody stands.

    Args:
        frees_at: when the oldest purchase that counts counts no more; None where none does.
    """

    standing: PersonalSpending
    frees_at: datetime | None


async def of_user(context: Context, user: User) -> ShownSpending | None:
    """The viewer's own; None for anybody else's."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await of_anybody(context, user.id)


async def of_anybody(context: Context, user_id: PydanticObjectId) -> ShownSpending:
    """Somebody's, for those who may see all accounts."""
    frees_at = await room_again_at(user_id, 1, now=context.services.now())
    return ShownSpending(await _standing(context, user_id), frees_at)


async def is_beyond_limit(context: Context, bill: Bill) -> bool:
    """Whether the viewer's limit would stop what costs so much with the installation's keys."""
    if bill == Bill():
        return False
    standing = await _standing(context, context.require_viewer().user_id)
    return is_over(standing.left_micros, bill)


async def limit_fault(context: Context, bill: Bill) -> UserError | None:
    """Why the viewer may not order what costs so much with the installation's keys; None if they may."""
    if not await is_beyond_limit(context, bill):
        return None
    if not bill.is_priced:
        why = (
            "What you may spend with this installation's keys is limited, and of what this takes not all "
            f"prices are set: see `providers`. {OWN_KEY}"
        )
        return UserError(UserErrorCode.SPENDING_LIMIT_EXCEEDED, None, why)
    user_id = context.require_viewer().user_id
    standing = await _standing(context, user_id)
    missing = bill.micros - (standing.left_micros or 0)
    again = await room_again_at(user_id, missing, now=context.services.now())
    return UserError(UserErrorCode.SPENDING_LIMIT_EXCEEDED, None, over_limit(bill.micros, standing, again))


async def _standing(context: Context, user_id: PydanticObjectId) -> PersonalSpending:
    services = context.services
    return await spending_of(user_id, everybodys_micros=services.spending_per_user_micros, now=services.now())
