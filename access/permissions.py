"""What may be done, and which project role may do it."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from documents.project_role import ProjectRole


class Permission(Enum):
    """One thing that someone may be allowed to do. Resolvers name these, never roles."""

    PROJECT_VIEW = "PROJECT_VIEW"
    """See the project: brief, tree, timeline, jobs, renders; download its media; follow its events."""

    PROJECT_COMMENT = "PROJECT_COMMENT"
    """Write comments and answer them. Changes nothing of the video."""

    PROJECT_EDIT = "PROJECT_EDIT"
    """Change brief, script, scenes, frames, candidates, timeline and style; upload into the project."""

    PROJECT_PRODUCE = "PROJECT_PRODUCE"
    """Start, pause, resume and cancel what costs money or machine time: generation, production, renders."""

    PROJECT_SHARE = "PROJECT_SHARE"
    """Invite collaborators, change their roles, remove them; make and end review links."""

    PROJECT_DELETE = "PROJECT_DELETE"
    """Delete the project and restore it while it can be restored."""


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
