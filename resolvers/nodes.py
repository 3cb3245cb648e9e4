"""Any node by its id; what the viewer may not see is not there."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from beanie import PydanticObjectId

from access.errors import AccessRefused
from access.permissions import Permission
from documents.accounts.user import User
from documents.projects.project import Project
from documents.tree.node import sections
from resolvers.accounts import accounts, api_keys, platform_users, sessions
from resolvers.companies import car_models, companies, company_assets, invitations, members, roles
from resolvers.context import Context
from resolvers.jobs import jobs, renders
from resolvers.media import library, uploads
from resolvers.projects import comment_threads, project_invitations, review_links
from resolvers.writers_room import characters, chats, personas, shows, weekly_plans

Load = Callable[[Context, PydanticObjectId], Awaitable[object | None]]


async def _user(context: Context, user_id: PydanticObjectId) -> User | None:
    viewer = await accounts.viewer(context)
    return viewer if viewer is not None and viewer.id == user_id else None


async def _project(context: Context, project_id: PydanticObjectId) -> Project:
    async def load(wanted: PydanticObjectId) -> Project:
        return await context.projects.load(wanted, Permission.PROJECT_VIEW)

    return await context.trees.whole(project_id, load)


LOADERS: Final[Mapping[str, Load]] = MappingProxyType(
    {
        "User": _user,
        "Session": sessions.visible,
        "PlatformUser": platform_users.visible,
        "ApiKey": api_keys.visible,
        "Project": _project,
        "Job": jobs.visible,
        "Render": renders.visible,
        "ReviewLink": review_links.visible,
        "Comment": comment_threads.visible,
        "ProjectInvitation": project_invitations.visible,
        "Company": companies.visible,
        "Member": members.visible,
        "Role": roles.visible,
        "Upload": uploads.visible,
        "LibraryEntry": library.visible,
        "CompanyInvitation": invitations.visible,
        "CompanyAsset": company_assets.visible,
        "Character": characters.visible,
        "CarModel": car_models.visible_model,
        "CarVariant": car_models.visible_variant,
        "CarMedia": car_models.visible_media,
        "Persona": personas.visible,
        "Chat": chats.visible,
        "Show": shows.visible,
        "WeeklyPlan": weekly_plans.visible,
    }
)
"""How documents of their own are found, by the kind that their ids name."""


async def node(
    context: Context,
    kind: str,
    node_id: PydanticObjectId,
    *,
    project_id: PydanticObjectId | None,
) -> object | None:
    """The node of that kind and id.

    Args:
        context: the operation's.
        kind: as the id names it; one that does not exist finds nothing.
        node_id: of the document, or of the node inside a project.
        project_id: set for nodes inside a project alone.
    """
    if context.viewer is None and context.guest is None:
        return None
    try:
        return await _found(context, kind, node_id, project_id)
    except AccessRefused:  # a guest, or a company that demands a second factor, among them
        return None


async def _found(
    context: Context, kind: str, node_id: PydanticObjectId, project_id: PydanticObjectId | None
) -> object | None:
    if project_id is None:
        load = LOADERS.get(kind)
        return None if load is None else await load(context, node_id)
    project = await _project(context, project_id)
    return next(
        (
            section
            for section in sections(project)
            if type(section).__name__ == kind and getattr(section, "id", None) == node_id
        ),
        None,
    )
