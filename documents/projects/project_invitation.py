"""An invitation to a project, sent to an e-mail address that no verified account has."""

from typing import ClassVar, Final

from beanie import PydanticObjectId
from pymongo import IndexModel

from documents.invitation import Invitation, invitation_indexes
from documents.projects.project_role import ProjectRole

_PLACE: Final = "project_id"


class ProjectInvitation(Invitation):
    """One invitation.

    Attributes:
        role: what it makes of whoever accepts it.
    """

    PLACE: ClassVar[str] = _PLACE

    project_id: PydanticObjectId
    role: ProjectRole

    class Settings:
        """Collection `project_invitations`."""

        name = "project_invitations"
        indexes: ClassVar[list[IndexModel]] = invitation_indexes(_PLACE)
