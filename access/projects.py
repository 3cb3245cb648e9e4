"""The only way to a project: a loader that names the permission needed."""

from collections.abc import Callable
from dataclasses import dataclass

from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.permissions import GRANTS, Permission
from access.viewer import Viewer
from documents.project import Project
from documents.project_role import ProjectRole


def role_in(project: Project, user_id: PydanticObjectId) -> ProjectRole | None:
    """What a user is to a project; None for a stranger."""
    if project.owner_id == user_id:
        return ProjectRole.OWNER
    return next((c.role for c in project.collaborators if c.user_id == user_id), None)


@dataclass(frozen=True, slots=True)
class ProjectLoader:
    """Reads projects for one viewer; made per request.

    Args:
        viewer: who asks.
        on_load: told of each whole tree that was loaded.
    """

    viewer: Viewer
    on_load: Callable[[Project], None] | None = None

    async def load(
        self, project_id: PydanticObjectId, permission: Permission, *, deleted: bool = False
    ) -> Project:
        """The whole tree of a project.

        Args:
            project_id: which project.
            permission: what the viewer is about to do with it.
            deleted: load it if it is deleted, and only then.

        Raises:
            NotFound: there is none, or the viewer may not see it.
            Forbidden: the viewer may see it but not do this.
        """
        raw = await Project.get_pymongo_collection().find_one({"_id": project_id})
        project = self._admit(raw, permission, deleted=deleted)
        if self.on_load is not None:
            self.on_load(project)
        return project

    async def check(
        self, project_id: PydanticObjectId, permission: Permission, *, deleted: bool = False
    ) -> Project:
        """Like `load`, but without script, uploads and timeline: for a change that does not read the tree."""
        light = dict.fromkeys(("script", "uploads", "timeline", "outbox"), 0)
        raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, light)
        return self._admit(raw, permission, deleted=deleted)

    def _admit(self, raw: dict[str, object] | None, permission: Permission, *, deleted: bool) -> Project:
        if raw is None or (raw.get("deleted_at") is not None) != deleted:
            raise NotFound("Project")
        project: Project = Project.model_validate(raw)
        role = role_in(project, self.viewer.user_id)
        if role is None or Permission.PROJECT_VIEW not in GRANTS[role]:
            raise NotFound("Project")
        if permission not in GRANTS[role]:
            raise Forbidden(f"A {role.value.lower()} of this project may not do this.")
        return project
