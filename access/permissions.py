"""What may be done: a documented list. Which role may do which is data: `documents.companies.role`."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, Self

from documents.projects.project_role import ProjectRole


class Level(Enum):
    """Where a permission comes from."""

    ACCOUNT = "ACCOUNT"
    """Everybody has it, over the own account."""

    PROJECT = "PROJECT"
    """From what one is to a project: its owner, a collaborator, a member of its company."""

    ROLE = "ROLE"
    """From the user's role, wherever it is."""

    COMPANY = "COMPANY"
    """From the user's role, over the company that the user belongs to."""

    PLATFORM = "PLATFORM"
    """From the user's role, over the whole installation."""


class Permission(Enum):
    """One thing that someone may be allowed to do. Operations name these, never roles."""

    level: Level
    description: str

    def __new__(cls, value: str, level: Level, description: str) -> Self:
        """Make a member out of name, level and description; its value is the name."""
        member = object.__new__(cls)
        member._value_ = value
        member.level = level
        member.description = description
        return member

    ACCOUNT_VIEW = (
        "ACCOUNT_VIEW",
        Level.ACCOUNT,
        "See the own account and characters, invitations and news.",
    )
    ACCOUNT_MANAGE = (
        "ACCOUNT_MANAGE",
        Level.ACCOUNT,
        "Change the own account and its ways in, join and leave companies. No API key has it: sign in.",
    )
    UPLOAD = (
        "UPLOAD",
        Level.ACCOUNT,
        "Announce and send files. What a file is for takes its own permission besides, such as PROJECT_EDIT.",
    )
    PROJECT_CREATE = ("PROJECT_CREATE", Level.ROLE, "Make projects of one's own, and characters for them.")
    PROJECT_VIEW = (
        "PROJECT_VIEW",
        Level.PROJECT,
        "See the project: tree, timeline, jobs, renders, comments; download its media; follow its events.",
    )
    PROJECT_COMMENT = (
        "PROJECT_COMMENT",
        Level.PROJECT,
        "Write comments and answer them. Changes nothing of the video.",
    )
    PROJECT_EDIT = (
        "PROJECT_EDIT",
        Level.PROJECT,
        "Change brief, script, scenes, frames, candidates, timeline and style; upload into the project.",
    )
    PROJECT_PRODUCE = (
        "PROJECT_PRODUCE",
        Level.PROJECT,
        "Start, pause, resume and cancel what costs money or machine time: generation, production, renders.",
    )
    PROJECT_SHARE = (
        "PROJECT_SHARE",
        Level.PROJECT,
        "Invite collaborators, change their roles, remove them; make and end review links.",
    )
    PROJECT_DELETE = (
        "PROJECT_DELETE",
        Level.PROJECT,
        "Delete the project and restore it while it can be restored; give it to another owner.",
    )
    COMPANY_VIEW = (
        "COMPANY_VIEW",
        Level.COMPANY,
        "See the company, its members, roles, brand assets and car catalogue.",
    )
    COMPANY_EDIT = ("COMPANY_EDIT", Level.COMPANY, "Change the company's name and settings.")
    MEMBERS_MANAGE = (
        "MEMBERS_MANAGE",
        Level.COMPANY,
        "Invite members, change their roles, remove them. Gives no role with more than one holds oneself.",
    )
    ROLES_MANAGE = (
        "ROLES_MANAGE",
        Level.COMPANY,
        "Define the company's own roles, out of permissions that one holds oneself.",
    )
    ASSETS_MANAGE = ("ASSETS_MANAGE", Level.COMPANY, "Add, change and remove the company's brand assets.")
    CATALOGUE_MANAGE = ("CATALOGUE_MANAGE", Level.COMPANY, "Edit the company's car catalogue.")
    COMPANY_PROJECTS_VIEW = (
        "COMPANY_PROJECTS_VIEW",
        Level.COMPANY,
        "See every project of the company, as its viewer would.",
    )
    COMPANY_PROJECTS_MANAGE = (
        "COMPANY_PROJECTS_MANAGE",
        Level.COMPANY,
        "Do in every project of the company what its owner may.",
    )
    COMPANY_AUDIT_VIEW = ("COMPANY_AUDIT_VIEW", Level.COMPANY, "Read the company's audit trail.")
    PLATFORM_USERS_VIEW = ("PLATFORM_USERS_VIEW", Level.PLATFORM, "See all accounts and companies.")
    PLATFORM_USERS_MANAGE = (
        "PLATFORM_USERS_MANAGE",
        Level.PLATFORM,
        "Suspend accounts and let them in again, end their sessions, give and take platform roles.",
    )
    PLATFORM_AUDIT_VIEW = ("PLATFORM_AUDIT_VIEW", Level.PLATFORM, "Read the audit trail of everything.")


def of_level(*levels: Level) -> frozenset[Permission]:
    """The permissions of some levels."""
    return frozenset(permission for permission in Permission if permission.level in levels)


ACCOUNT_PERMISSIONS: Final = of_level(Level.ACCOUNT)
"""What everybody has, whatever the role."""

ROLE_PERMISSIONS: Final = of_level(Level.ROLE, Level.COMPANY, Level.PLATFORM)
"""What a role may hold."""

COMPANY_ROLE_PERMISSIONS: Final = of_level(Level.ROLE, Level.COMPANY)
"""What a role that a company defines may hold."""

KEY_SCOPES: Final = frozenset(Permission) - {Permission.ACCOUNT_MANAGE} - of_level(Level.PLATFORM)
"""What an API key may be given, as far as its user has it."""

_VIEWER: Final = frozenset({Permission.PROJECT_VIEW})
_COMMENTER: Final = _VIEWER | {Permission.PROJECT_COMMENT}
_EDITOR: Final = _COMMENTER | {Permission.PROJECT_EDIT, Permission.PROJECT_PRODUCE}
_OWNER: Final = _EDITOR | {Permission.PROJECT_SHARE, Permission.PROJECT_DELETE}

GRANTS: Final[Mapping[ProjectRole, frozenset[Permission]]] = MappingProxyType(
    {
        ProjectRole.OWNER: _OWNER,
        ProjectRole.EDITOR: _EDITOR,
        ProjectRole.COMMENTER: _COMMENTER,
        ProjectRole.VIEWER: _VIEWER,
    }
)
"""Permissions of each project role. Each role holds all that the one below it holds."""


def roles_granting(permission: Permission) -> frozenset[ProjectRole]:
    """Roles that hold a permission; in this form it goes into a query's filter."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)
