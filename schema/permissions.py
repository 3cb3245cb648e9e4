"""Permissions, as clients see them."""

from access.permissions import Level, Permission
from schema.enums import describe

describe(
    Level,
    "Where a permission comes from.",
    {
        Level.ACCOUNT: "Everybody has it, over the own account.",
        Level.PROJECT: "From what one is to a project: its owner, a collaborator, a member of its company.",
        Level.ROLE: "From the user's role, wherever it is.",
        Level.COMPANY: "From the user's role, over the company that the user belongs to.",
        Level.PLATFORM: "From the user's role, over the whole installation.",
    },
    name="PermissionLevel",
)
describe(
    Permission,
    "One thing that somebody may be allowed to do. Each operation says which one it takes.",
    {permission: permission.description for permission in Permission},
)
