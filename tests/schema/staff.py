"""People in companies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from documents.companies.company import Company
from documents.companies.role import USER_ROLE_ID, Role
from documents.notice import Notice
from schema.ids import document_gid

NOW = datetime.now(UTC).replace(microsecond=0)


async def make_user(**values: Any) -> User:
    address = f"{PydanticObjectId()}@example.com"
    given = {"email": address, "email_key": address, "name": "Ana", "created_at": NOW, "updated_at": NOW}
    return await User(**(given | values)).insert()


async def make_role(company: Company, *permissions: Permission, **values: Any) -> Role:
    given = {"name": f"Role {PydanticObjectId()}", "permissions": [p.value for p in permissions]}
    return await Role(**(given | values), company_id=company.id).insert()


async def make_member(company: Company, role_id: PydanticObjectId = MEMBER.id, **values: Any) -> User:
    return await make_user(company_id=company.id, role_id=role_id, company_joined_at=NOW, **values)


@dataclass
class Firm:
    """A company with one administrator."""

    company: Company
    admin: User

    @property
    def id(self) -> str:
        return document_gid("Company", self.company.id)


async def make_firm(**values: Any) -> Firm:
    given = {"name": "Acme", "created_by": PydanticObjectId(), "created_at": NOW, "updated_at": NOW}
    company = await Company(**(given | values)).insert()
    return Firm(company, await make_member(company, ADMIN.id, name="Boss"))


async def again(user: User) -> User:
    """The user as stored now."""
    found = await User.get(user.id)
    assert found is not None
    return found


async def acts(company_id: PydanticObjectId) -> list[str]:
    """What the audit trail of a company tells, in order."""
    entries = await AuditEntry.find({"company_id": company_id}).sort("_id").to_list()
    return [entry.action.value for entry in entries]


async def is_outside(user: User) -> bool:
    found = await again(user)
    return (found.company_id, found.role_id, found.company_joined_at) == (None, USER_ROLE_ID, None)


def member_gid(user: User) -> str:
    return document_gid("Member", user.id)


def role_gid(role_id: PydanticObjectId) -> str:
    return document_gid("Role", role_id)


def names(permissions: Collection[Permission]) -> list[str]:
    return sorted(permission.value for permission in permissions)


async def untold(user: User) -> int:
    return await Notice.find({"user_id": user.id}).count()
