"""Which roles a company gives, what they hold, and who administers it."""

from collections.abc import Collection, Mapping
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.built_in_roles import ADMIN, MEMBER
from access.permissions import COMPANY_ROLE_PERMISSIONS, Permission
from documents.companies import membership
from documents.companies.role import Role

ADMINISTERS: Final = frozenset({Permission.MEMBERS_MANAGE, Permission.ROLES_MANAGE})
"""Who holds all of these can help out everybody else: one such member stays in every company."""

OFFERED: Final = (MEMBER.id, ADMIN.id)
"""Built-in roles that companies give."""


def held_by(role: Role) -> frozenset[Permission]:
    """Permissions that a role gives in a company; what this version does not know means nothing."""
    return frozenset(
        permission for permission in COMPANY_ROLE_PERMISSIONS if permission.value in role.permissions
    )


def administers(held: Collection[Permission]) -> bool:
    """Whether who holds this administers the company."""
    return ADMINISTERS.issubset(held)


async def roles_of(
    company_id: PydanticObjectId, session: AsyncClientSession | None = None
) -> Mapping[PydanticObjectId, Role]:
    """The roles that a company gives, by id; the built-in ones first, then its own by name."""
    return {role.id: role for role in await Role.offered(company_id, OFFERED, session=session)}


async def another_administrator(
    company_id: PydanticObjectId,
    *,
    besides: PydanticObjectId | None = None,
    without: PydanticObjectId | None = None,
    session: AsyncClientSession | None = None,
) -> PydanticObjectId | None:
    """A member who administers the company and is not shut out; always the same one.

    Args:
        company_id: the company; hold it in the same transaction (`Company.hold`) where the answer must last.
        besides: the member who does not count.
        without: the role that does not count.
        session: the transaction.
    """
    roles = await roles_of(company_id, session)
    administering = [role.id for role in roles.values() if role.id != without and administers(held_by(role))]
    return await membership.first_with_role(company_id, administering, besides=besides, session=session)


async def is_last_administrator(
    company_id: PydanticObjectId, user_id: PydanticObjectId, session: AsyncClientSession | None = None
) -> bool:
    """Whether a company would be left without an administrator if this user went, who is one."""
    user = await membership.member(company_id, user_id, session)
    role = None if user is None else (await roles_of(company_id, session)).get(user.role_id)
    if role is None or not administers(held_by(role)):
        return False
    return await another_administrator(company_id, besides=user_id, session=session) is None
