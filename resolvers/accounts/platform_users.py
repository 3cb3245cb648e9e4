"""Accounts, as those see them who run the platform: listed, shut out and let in again."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId

from access.built_in_roles import SUPERADMIN, USER
from access.errors import NotFound
from access.permissions import Permission
from documents.accounts import user_list
from documents.accounts.session import SessionEnd
from documents.accounts.user import User
from documents.accounts.user_list import UserFilter
from documents.audit_entry import AuditAction
from documents.companies.company import Company
from documents.companies.role import Role
from documents.jobs import job_control
from resolvers.accounts import sessions
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects.project_list import PAGE_SIZE, Paging

_LONGEST_SEARCH: Final = 254
_LONGEST_REASON: Final = 500
_LONGEST_CURSOR: Final = 2_000


@dataclass(frozen=True, slots=True)
class PlatformUser:
    """An account with what it belongs to.

    Args:
        role: None where its role was deleted.
        company: None outside of companies.
    """

    user: User
    role: Role | None
    company: Company | None

    @property
    def cursor(self) -> str:
        """Where it stands in the list, for `after` and `before`."""
        return base64.urlsafe_b64encode(self.user.email_key.encode()).decode()


@dataclass(frozen=True, slots=True)
class PlatformUserPage:
    """Accounts in order of their addresses."""

    members: Sequence[PlatformUser]
    has_next: bool
    has_previous: bool


async def listed(
    *,
    search: str | None,
    is_suspended: bool | None,
    company_id: PydanticObjectId | None,
    paging: Paging,
) -> PlatformUserPage:
    """A page of all accounts.

    Args:
        search: what the address begins with, letter case aside.
        is_suspended: only those that are shut out, or only those that are not.
        company_id: only members of this company.
        paging: which part.

    Raises:
        BadUserInput: sizes, cursors or the search make no sense.
    """
    paging.check()
    prefix = (search or "").strip().casefold()
    if len(prefix) > _LONGEST_SEARCH or not prefix.isprintable():
        raise BadUserInput("search", "Search for the beginning of an e-mail address, at most 254 characters.")
    size = paging.last if paging.first is None else paging.first
    from_end = paging.last is not None
    found, has_more = await user_list.page(
        UserFilter(prefix, is_suspended, company_id),
        size=PAGE_SIZE if size is None else size,
        after=_read(paging.after, "after"),
        before=_read(paging.before, "before"),
        from_end=from_end,
    )
    return PlatformUserPage(
        await _with_places(found),
        has_next=paging.before is not None if from_end else has_more,
        has_previous=has_more if from_end else paging.after is not None,
    )


async def visible(context: Context, user_id: PydanticObjectId) -> PlatformUser | None:
    """Any account, for those who may see all of them."""
    viewer = context.viewer
    if viewer is None or not viewer.has(Permission.PLATFORM_USERS_VIEW):
        return None
    user = await User.get(user_id)
    return None if user is None else (await _with_places([user]))[0]


async def suspend(context: Context, user_id: PydanticObjectId, *, reason: str) -> Outcome[PlatformUser]:
    """Shut somebody out: sessions end, keys are refused, what is open closes, what they ordered stops.

    Nothing of theirs is deleted.

    Nobody shuts themselves out, and of two operators who shut each other out one is too late: one remains.

    Raises:
        NotFound: there is no such account.
    """
    viewer = context.require_viewer()
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        text = f"A reason is one line of at most {_LONGEST_REASON} characters."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.reason")
    if user_id == viewer.user_id:
        text = "You cannot suspend yourself: another operator can."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")

    async def act(acting: AccountAct) -> Outcome[PlatformUser]:
        await _hold_platform(acting, viewer.user_id)
        user = await User.set_suspended(user_id, is_suspended=True, now=acting.now, session=acting.session)
        if user is None:
            raise NotFound("User")
        await acting.record(AuditAction.USER_SUSPENDED, user_id, reason=reason)
        await sessions.end_all(acting, user_id, SessionEnd.SUSPENDED)
        await job_control.request_cancel_of(user_id, acting.now, acting.session)
        return Outcome((await _with_places([user]))[0])

    return await act_on_account(context, act)


async def admit(context: Context, user_id: PydanticObjectId) -> Outcome[PlatformUser]:
    """Let somebody in again, who then signs in anew.

    Raises:
        NotFound: there is no such account.
    """

    async def act(acting: AccountAct) -> Outcome[PlatformUser]:
        user = await User.set_suspended(user_id, is_suspended=False, now=acting.now, session=acting.session)
        if user is None:
            raise NotFound("User")
        await acting.record(AuditAction.USER_ADMITTED, user_id)
        await acting.tell_access_changed(user_id, "ADMITTED")
        return Outcome((await _with_places([user]))[0])

    return await act_on_account(context, act)


async def set_operator(
    context: Context, user_id: PydanticObjectId, *, is_operator: bool
) -> Outcome[PlatformUser]:
    """Let somebody run the platform, or no longer.

    Somebody who belongs to a company has a role there, and no other one; nobody gives up the own role, so
    one operator always remains.

    Raises:
        NotFound: there is no such account.
    """
    viewer = context.require_viewer()
    if user_id == viewer.user_id:
        text = "You cannot change your own role: another operator can."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")
    role = SUPERADMIN if is_operator else USER

    async def act(acting: AccountAct) -> Outcome[PlatformUser]:
        await _hold_platform(acting, viewer.user_id)
        before = await User.find_one({"_id": user_id, "deleted_at": None}, session=acting.session)
        if before is None:
            raise NotFound("User")
        if is_operator and before.email_verified_at is None:
            text = "The address of this account is not verified, so whoever made it may be anybody."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")
        user = await User.set_platform_role(user_id, role.id, now=acting.now, session=acting.session)
        if user is None:
            text = "This person belongs to a company: a member runs no platform."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.userId")
        await acting.record(
            AuditAction.PLATFORM_ROLE_CHANGED, user_id, before=str(before.role_id), after=role.name
        )
        await acting.tell_access_changed(user_id, "ROLE_CHANGED")
        return Outcome((await _with_places([user]))[0])

    return await act_on_account(context, act)


async def _hold_platform(acting: AccountAct, operator_id: PydanticObjectId) -> None:
    """Make changes of who runs the platform run one after another, by somebody who still does.

    Raises:
        NotFound: the operator is one no longer.
    """
    await Role.take_turn(SUPERADMIN.id, session=acting.session)
    still = {"_id": operator_id, "is_suspended": False, "deleted_at": None, "role_id": SUPERADMIN.id}
    if await User.find_one(still, session=acting.session) is None:
        raise NotFound("User")


async def _with_places(users: Sequence[User]) -> list[PlatformUser]:
    roles = await Role.find({"_id": {"$in": [user.role_id for user in users]}}).to_list()
    company_ids = [user.company_id for user in users if user.company_id is not None]
    raw = Company.get_pymongo_collection().find({"_id": {"$in": company_ids}}, {"assets": 0})
    companies = {each["_id"]: Company.model_validate(each) async for each in raw}
    by_id = {role.id: role for role in roles}
    return [
        PlatformUser(
            user,
            by_id.get(user.role_id),
            None if user.company_id is None else companies.get(user.company_id),
        )
        for user in users
    ]


def _read(text: str | None, at: str) -> str | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text[:_LONGEST_CURSOR], altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise BadUserInput(
            at, "This is no cursor of this list. Send one that a page of it returned."
        ) from error
