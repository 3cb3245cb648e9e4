"""Who is asking."""

from dataclasses import dataclass

from beanie import PydanticObjectId

from access.permissions import ACCOUNT_PERMISSIONS, Level, Permission
from documents.projects.project_role import ProjectRole


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user, as proved by an access token whose session is open, or by an API key.

    Args:
        user_id: the user.
        session_id: the session, None for an API key.
        company_id: the company that the user belongs to and may act in.
        role_id: the user's role, None where it is not known.
        permissions: those of the account and of the role; what one may do in a project is found there.
        api_key_id: the API key, None for a session.
        scopes: the most that the API key may do, None for a session.
        lacks_second_factor: the user's company demands a second factor and the user has none: the company is
            closed until there is one.
    """

    user_id: PydanticObjectId
    session_id: PydanticObjectId | None
    company_id: PydanticObjectId | None = None
    role_id: PydanticObjectId | None = None
    permissions: frozenset[Permission] = ACCOUNT_PERMISSIONS
    api_key_id: PydanticObjectId | None = None
    scopes: frozenset[Permission] | None = None
    lacks_second_factor: bool = False

    def is_in_scope(self, permission: Permission) -> bool:
        """Whether the API key, if there is one, reaches so far."""
        return self.scopes is None or permission in self.scopes

    def has(self, permission: Permission) -> bool:
        """Whether the user may do this, as far as it does not depend on a project."""
        if not self.is_in_scope(permission):
            return False
        if permission.level is Level.COMPANY and self.company_id is None:
            return False
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account who opened a review link.

    Args:
        link_id: the review link.
        project_id: the only project that it opens.
        role: what the guest is to it: its viewer or commenter.
        name: as the guest gave it, for comments.
        guest_id: tells guests of one link apart, whatever they call themselves.
    """

    link_id: PydanticObjectId
    project_id: PydanticObjectId
    role: ProjectRole
    name: str
    guest_id: PydanticObjectId


Principal = Viewer | Guest
