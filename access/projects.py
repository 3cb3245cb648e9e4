"""The only way to a project: a loader that names the permission needed."""

from collections.abc import Callable
from dataclasses import dataclass

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import Forbidden, NotFound
from access.permissions import GRANTS, Permission
from access.viewer import Guest, Principal, Viewer
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole


def role_in(project: Project, principal: Principal) -> ProjectRole | None:
    """What somebody is to a project; None for a stranger.

    The most of: its owner, a collaborator, and what a role in the project's company makes of one, as far as
    the scopes of an API key reach.
    """
    if isinstance(principal, Guest):
        return principal.role if principal.project_id == project.id else None
    is_of_company = project.company_id is not None and project.company_id == principal.company_id
    if project.owner_id == principal.user_id:
        return ProjectRole.OWNER
    if is_of_company and principal.has(Permission.COMPANY_PROJECTS_MANAGE):
        return ProjectRole.OWNER
    own = next((c.role for c in project.collaborators if c.user_id == principal.user_id), None)
    if own is None and is_of_company and principal.has(Permission.COMPANY_PROJECTS_VIEW):
        return ProjectRole.VIEWER
    return own


@dataclass(frozen=True, slots=True)
class ProjectLoader:
    """Reads projects for one viewer or guest; made per request.

    Args:
        principal: who asks.
        on_load: told of each whole tree that was loaded.
    """

    principal: Principal
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
        self,
        project_id: PydanticObjectId,
        permission: Permission,
        *,
        deleted: bool = False,
        session: AsyncClientSession | None = None,
    ) -> Project:
        """Like `load`, but without script and timeline: for a change that does not read the tree."""
        light = dict.fromkeys(("script", "timeline", "outbox"), 0)
        raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, light, session=session)
        return self._admit(raw, permission, deleted=deleted)

    def _admit(self, raw: dict[str, object] | None, permission: Permission, *, deleted: bool) -> Project:
        if raw is None or (raw.get("deleted_at") is not None) != deleted:
            raise NotFound("Project")
        project: Project = Project.model_validate(raw)
        admit(project, self.principal, permission)
        return project


def admit(project: Project, principal: Principal, permission: Permission) -> None:
    """Let somebody do something in a project, or not.

    Raises:
        NotFound: they may not see it.
        Forbidden: they may see it but not do this.
    """
    role = role_in(project, principal)
    if role is None or Permission.PROJECT_VIEW not in GRANTS[role]:
        raise NotFound("Project")
    if isinstance(principal, Viewer):
        _refuse_out_of_scope(principal, project, permission)
    if permission not in GRANTS[role]:
        raise Forbidden(f"A {role.value.lower()} of this project may not do this.")


def may(project: Project, principal: Principal, permission: Permission) -> bool:
    """Whether `admit` lets them."""
    try:
        admit(project, principal, permission)
    except (NotFound, Forbidden):
        return False
    return True


def _refuse_out_of_scope(viewer: Viewer, project: Project, permission: Permission) -> None:
    if not viewer.is_in_scope(Permission.PROJECT_VIEW):
        raise NotFound("Project")
    if not viewer.is_in_scope(permission):
        raise Forbidden(f"This API key has not the scope {permission.value}.")
    if viewer.lacks_second_factor and project.company_id is not None:
        raise Forbidden("The company of this project demands a second factor: set one up first.")
