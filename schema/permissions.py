"""Permissions, as clients see them."""

from access.permissions import Permission
from schema.enums import describe

describe(
    Permission,
    "One thing that somebody may be allowed to do. Each operation says which one it takes.",
    {permission: permission.description for permission in Permission},
)
