"""Companies: made, looked at, changed."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.built_in_roles import ADMIN
from access.errors import NotFound
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.companies.company import Company
from documents.notice import Notice, NoticeKind
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.companies.governing import TOLD_AT_ONCE, Governing, govern, look_again
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import nothing_given

NOT_OUTSIDE = (
    "You belong to a company already, or your account has a role of the platform: leave the company first, "
    "or use another account."
)


class _NotOutside(Exception):
    """The viewer can join no company."""


async def company(context: Context, company_id: PydanticObjectId) -> Company:
    """The viewer's company, its assets left out.

    Raises:
        NotFound: the viewer does not belong to it.
    """
    return await context.companies.load(company_id, Permission.COMPANY_VIEW)


async def visible(context: Context, company_id: PydanticObjectId) -> Company | None:
    """A company, None for whom it is not there."""
    try:
        return await company(context, company_id)
    except NotFound:
        return None


async def of_viewer(context: Context, user: User) -> Company | None:
    """The company of the user who asks; None outside of companies, and while it is closed to the user.

    None as well in the answer to a sign-in, which nobody who is signed in asked for.
    """
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or viewer.company_id is None:
        return None
    return await visible(context, viewer.company_id)


def permissions_of_viewer(context: Context, user: User) -> list[Permission]:
    """What the user who asks may do, as far as it does not depend on a project."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id:
        return []
    return [p for p in Permission if viewer.has(p)]


async def create(context: Context, *, name: str) -> Outcome[Company]:
    """Make a company whose administrator the viewer is."""
    user_id = context.require_viewer().user_id
    good, faults = checked(Company, {"name": name}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    now = context.services.now()
    made = Company(**good, created_by=user_id, created_at=now, updated_at=now)
    grown = Notice(
        user_id=user_id,
        kind=NoticeKind.ACCESS_CHANGED,
        payload={"reason": "JOINED_COMPANY", "companyId": str(made.id)},
        at=now,
    )

    async def work(session: AsyncClientSession) -> None:
        await made.insert(session=session)
        if not await membership.join(user_id, made.id, ADMIN.id, now=now, session=session):
            raise _NotOutside
        await Notice.write(grown, session=session)
        await audit.record(
            context,
            AuditAction.COMPANY_CREATED,
            "Company",
            made.id,
            session=session,
            company_id=made.id,
            name=made.name,
        )

    try:
        await in_transaction(work)
    except _NotOutside:
        return Outcome.refused(UserErrorCode.INVALID, NOT_OUTSIDE)
    await context.services.announcer.notices(grown)
    await look_again(context)
    return Outcome(made)


async def update(
    context: Context,
    company_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Company]:
    """Set fields of the company itself.

    Who demands a second factor of all members has one: nobody locks the door with the key inside.

    Raises:
        NotFound, Forbidden: the viewer does not belong to it, or may not edit it.
    """
    before = await context.companies.load(company_id, Permission.COMPANY_EDIT)
    if not values:
        return nothing_given()
    good, faults = checked(Company, values, at="input")
    if faults:
        return Outcome(user_errors=faults)

    async def act(governing: Governing) -> Outcome[Company]:
        demands = good.get("requires_second_factor", False)
        session = governing.session
        if demands and not await membership.has_second_factor(governing.viewer.user_id, session):
            text = "Set up a second factor for yourself first: without one you would be locked out."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.requiresSecondFactor")
        changed = await Company.change(
            company_id, good, expected_revision=expected_revision, now=governing.now, session=session
        )
        if changed is None:
            return Outcome.refused(
                UserErrorCode.REVISION_CONFLICT,
                "The company was changed meanwhile. Look at it as it is now and try again with its revision.",
                at="input.expectedRevision",
                result=await Company.light(company_id),
            )
        if demands:
            shut_out = await membership.without_second_factor(company_id, most=TOLD_AT_ONCE, session=session)
            await governing.tell_access_changed(shut_out, "SECOND_FACTOR_REQUIRED")
        await governing.record(
            AuditAction.COMPANY_UPDATED,
            "Company",
            company_id,
            before={name: getattr(before, name) for name in good},
            after=good,
        )
        return Outcome(changed)

    return await govern(context, company_id, Permission.COMPANY_EDIT, act)
