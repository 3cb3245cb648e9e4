"""What single people may spend with the installation's keys, as those decide who run the platform."""

from beanie import PydanticObjectId

from access.errors import NotFound
from documents.accounts.allowance import Allowance
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.projects.money import MICROS_MAX
from resolvers.accounts import platform_users
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.platform_users import PlatformUser
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode


async def set_own(
    context: Context, user_id: PydanticObjectId, *, limit_micros: int | None
) -> Outcome[PlatformUser]:
    """Give somebody a limit of their own; None for everybody's.

    Raises:
        NotFound: there is no such account.
    """
    if limit_micros is not None and not 0 <= limit_micros <= MICROS_MAX:
        text = f"A limit is 0 to {MICROS_MAX // 1_000_000:,} USD, or null for the usual one."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.limitMicros")

    async def act(acting: AccountAct) -> Outcome[PlatformUser]:
        there = {"_id": user_id, "deleted_at": None}
        if await User.find_one(there, session=acting.session) is None:
            raise NotFound("User")
        await Allowance.grant(user_id, limit_micros, acting.session)
        await acting.record(AuditAction.SPENDING_LIMIT_SET, user_id, limit_micros=limit_micros)
        return Outcome(await platform_users.visible(context, user_id))

    return await act_on_account(context, act)
