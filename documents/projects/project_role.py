"""What a person is to a project, as its collaborator list holds it."""

from enum import StrEnum


class ProjectRole(StrEnum):
    """A collaborator's standing; what each may do is data in `access.permissions`."""

    OWNER = "OWNER"
    EDITOR = "EDITOR"
    COMMENTER = "COMMENTER"
    VIEWER = "VIEWER"
