"""Projects: made, looked at, changed as a whole, deleted and brought back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from beanie import PydanticObjectId
from pydantic import BaseModel, ValidationError
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from access.projects import role_in
from documents.audit_entry import AuditAction
from documents.jobs import job_end
from documents.jobs.job import Job
from documents.projects import project_life
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.transaction import in_transaction
from documents.tree import place as places
from documents.tree.brief import Brief, Music, Style
from documents.tree.edit import Changed
from documents.tree.node import Section
from documents.tree.script import Frame, Scene
from providers.spoken.text import SpokenText
from resolvers import audit
from resolvers.companies import company_projects
from resolvers.context import Context
from resolvers.fields import checked, explained
from resolvers.outcome import Outcome, UserError
from resolvers.tree.changes import answer, set_fields
from resolvers.tree.named_makers import STYLE_MAKERS, unknown_makers
from resolvers.tree.style_presets import written_out

_UNTITLED: Final = "Untitled project"
_HEADING: Final = re.compile(r"\s*#{1,6}[ \t]+([^\s].*)")
_DERIVED_TITLE_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class NewProject:
    """What a client gives for a new project, by the names of the stored fields.

    Args:
        own: of the project itself; a missing title is taken from the brief.
        brief: of its brief.
        style: of its style.
        music: of its music.
    """

    own: Mapping[str, Any]
    brief: Mapping[str, Any]
    style: Mapping[str, Any]
    music: Mapping[str, Any]


async def project(context: Context, project_id: PydanticObjectId) -> Project:
    """The whole tree.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    return await context.projects.load(project_id, Permission.PROJECT_VIEW)


async def with_tree(context: Context, project: Project) -> Project:
    """The same project with script and timeline, where it came without them."""
    if "script" in project.model_fields_set:
        return project
    is_deleted = project.deleted_at is not None

    async def load(project_id: PydanticObjectId) -> Project:
        return await context.projects.load(project_id, Permission.PROJECT_VIEW, deleted=is_deleted)

    return await context.trees.whole(project.id, load)


async def with_cast(context: Context, project: Project) -> tuple[Project, Cast]:
    """The same project whole, and the characters that it names."""
    is_deleted = project.deleted_at is not None

    async def load(project_id: PydanticObjectId) -> Project:
        return await context.projects.load(project_id, Permission.PROJECT_VIEW, deleted=is_deleted)

    return await context.trees.with_cast(project.id, load)


def is_stale(context: Context, node: Section) -> Any:
    """Whether an asset was made from other inputs than would be asked for now; may have to be awaited."""
    return context.trees.is_stale(node, partial(_load, context))


def assembled_prompt(context: Context, frame: Frame) -> Any:
    """What is sent for a picture of a frame; may have to be awaited."""
    return context.trees.prompt(frame, partial(_load, context))


def assembled_clip_prompt(context: Context, scene: Scene) -> Any:
    """What is sent for a clip of a scene; may have to be awaited."""
    return context.trees.clip_prompt(scene, partial(_load, context))


async def spoken_text(context: Context, frame: Frame) -> SpokenText:
    """What would be spoken in a frame now."""
    return await context.trees.spoken(frame, partial(_load, context))


async def _load(context: Context, project_id: PydanticObjectId) -> Project:
    try:
        return await project(context, project_id)
    except NotFound:  # the answer to its deletion tells of it once more
        return await context.projects.load(project_id, Permission.PROJECT_VIEW, deleted=True)


def viewer_role(context: Context, project: Project) -> ProjectRole:
    """What the viewer is to a project that the viewer sees."""
    role = role_in(project, context.require_principal())
    if role is None:
        raise NotFound("Project")
    return role


async def create(context: Context, given: NewProject, *, in_company: bool) -> Outcome[Project]:
    """Make a project that belongs to the viewer, as somebody describes it.

    Args:
        context: the operation's.
        given: what it is to be.
        in_company: whether it is the viewer's company's, too; means nothing outside of companies.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    company_id = context.require_viewer().company_id if in_company else None
    if unknown := await unknown_makers(
        context, company_id, STYLE_MAKERS, given.style, now={}, at="input.style"
    ):
        return Outcome(user_errors=unknown)
    return await make(context, given, in_company=in_company)


async def make(context: Context, given: NewProject, *, in_company: bool) -> Outcome[Project]:
    """Make a project out of what is stored already, such as a show: nobody is asked for names in it.

    Args and Raises: as for `create`.
    """
    viewer = context.require_viewer()
    faults: list[UserError] = []
    brief = _read(Brief, given.brief, faults, at="input")
    style = _read(Style, written_out(given.style), faults, at="input.style")
    music = _read(Music, given.music, faults, at="input.music")
    title = _derived_title(brief) if given.own.get("title") is None else given.own["title"]
    own, wrong = checked(Project, {**given.own, "title": title}, at="input")
    faults += wrong
    if faults or brief is None or style is None or music is None:
        return Outcome(user_errors=faults)
    now = context.services.now()
    made = Project(
        **own,
        owner_id=viewer.user_id,
        company_id=viewer.company_id if in_company else None,
        brief=brief,
        style=style,
        music=music,
        created_at=now,
        updated_at=now,
    )
    if made.company_id is None:
        await project_life.create(made)
    else:
        await company_projects.create(made)
    context.trees.seen(made)
    return Outcome(await context.projects.load(made.id, Permission.PROJECT_VIEW))


def _read(model: type[BaseModel], values: Mapping[str, Any], faults: list[UserError], *, at: str) -> Any:
    good, wrong = checked(model, values, at=at)
    faults += wrong
    if wrong:
        return None
    try:
        return model.model_validate(good)
    except ValidationError as error:  # fields that are good by themselves and do not go together
        faults += explained(error, at=at)
        return None


def _derived_title(brief: Brief | None) -> str:
    said = (brief and (brief.topic or brief.text)) or ""
    heading = _HEADING.match(said)
    words = (heading[1] if heading else said).split()
    title = ""
    for word in words:
        if len(title) + 1 + len(word) > _DERIVED_TITLE_LENGTH:
            break
        title = f"{title} {word}".strip()
    return title or (words[0][:_DERIVED_TITLE_LENGTH] if words else _UNTITLED)


async def update(
    context: Context,
    project_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Project]:
    """Set fields of the project itself."""
    return await set_fields(
        context, project_id, places.project(), values, expected_revision=expected_revision
    )


async def update_section(
    context: Context,
    project_id: PydanticObjectId,
    section: type[Section],
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[Any]:
    """Set fields of the style, the music or the publishing texts."""
    return await set_fields(
        context, project_id, places.section(section), values, expected_revision=expected_revision
    )


async def delete(
    context: Context, project_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[Project]:
    """Take a project out of every list for 30 days, and end the work on it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not delete it.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_DELETE)
    now = context.services.now()

    async def write(session: AsyncClientSession) -> Changed:
        await _record(context, AuditAction.PROJECT_DELETED, project, session)
        return await project_life.delete(
            project_id, now=now, expected_revision=expected_revision, session=session
        )

    outcome: Outcome[Project] = await answer(context, in_transaction(write))
    if outcome.user_errors:
        return outcome
    for job in await _unfinished(project_id):
        await context.services.dispatcher.cancel(job)
    return outcome


async def _unfinished(project_id: PydanticObjectId) -> Sequence[Job]:
    return await Job.find(
        {"project_id": project_id, "parent_id": None, "state": {"$in": job_end.UNFINISHED}}
    ).to_list()


async def restore(context: Context, project_id: PydanticObjectId) -> Outcome[Project]:
    """Bring a deleted project back.

    Raises:
        NotFound, Forbidden: it is not deleted, or not the viewer's to restore.
        NodeMissing: its 30 days are over.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_DELETE, deleted=True)

    async def write(session: AsyncClientSession) -> Changed:
        await _record(context, AuditAction.PROJECT_RESTORED, project, session)
        return await project_life.restore(project_id, now=context.services.now(), session=session)

    return await answer(context, in_transaction(write))


async def _record(
    context: Context, action: AuditAction, project: Project, session: AsyncClientSession
) -> None:
    """Write down what becomes of a project, for the administrators of its own company."""
    await audit.record(
        context,
        action,
        "Project",
        project.id,
        session=session,
        company_id=project.company_id,
        project_id=project.id,
    )
