"""The roles that every installation has. Their contents are data here and documents in MongoDB."""

import hashlib
from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId

from access.permissions import COMPANY_ROLE_PERMISSIONS, Level, Permission, of_level
from documents.companies.role import USER_ROLE_ID, Role


def _key(name: str) -> PydanticObjectId:
    """The same id in every installation, so that two first starts at once make one role."""
    return PydanticObjectId(hashlib.sha256(f"framewright role {name}".encode()).digest()[:12])


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role as this version has it; its fields are those of `documents.companies.role.Role`."""

    id: PydanticObjectId
    name: str
    description: str
    permissions: frozenset[Permission]


USER: Final = BuiltInRole(
    USER_ROLE_ID, "USER", "Anybody outside of companies.", frozenset({Permission.PROJECT_CREATE})
)
MEMBER: Final = BuiltInRole(
    _key("MEMBER"),
    "MEMBER",
    "A company's member: makes projects and sees the company's.",
    frozenset({Permission.PROJECT_CREATE, Permission.COMPANY_VIEW, Permission.COMPANY_PROJECTS_VIEW}),
)
ADMIN: Final = BuiltInRole(
    _key("ADMIN"),
    "ADMIN",
    "A company's administrator: settings, members, roles, assets and every project.",
    COMPANY_ROLE_PERMISSIONS,
)
SUPERADMIN: Final = BuiltInRole(
    _key("SUPERADMIN"),
    "SUPERADMIN",
    "Runs the platform: accounts and audit trail. Sees no project that is not shared with it.",
    of_level(Level.PLATFORM) | {Permission.PROJECT_CREATE},
)

BUILT_IN: Final = (USER, MEMBER, ADMIN, SUPERADMIN)
"""Stored at every start; a newer version's contents replace an older one's."""


async def store_built_in_roles() -> None:
    """Bring the stored built-in roles up to this version. Any number of processes may do it at once."""
    for role in BUILT_IN:
        held = sorted(permission.value for permission in role.permissions)
        await Role.put_built_in(role.id, name=role.name, description=role.description, permissions=held)
