"""A project in another language, as a new project."""

from beanie import PydanticObjectId

from access.errors import Forbidden
from access.permissions import Permission
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.tree.brief import Brief
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs.generation import new_job, start_one
from resolvers.jobs.idempotency import replayed
from resolvers.jobs.writing import writer_missing
from resolvers.outcome import Outcome, UserErrorCode


async def start(
    context: Context,
    project_id: PydanticObjectId,
    language: str,
    title: str | None,
    *,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a project translated; the new one is the viewer's, in the company where the viewer is of it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, not have things made in it, or not make
            projects.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if not context.require_viewer().has(Permission.PROJECT_CREATE):
        raise Forbidden(f"This takes the permission {Permission.PROJECT_CREATE.value}.")
    if known := await replayed(context, idempotency_key, JobKind.TRANSLATION, project_id):
        return known
    good, faults = checked(Brief, {"language": language}, at="input")
    if title is not None:
        named, wrong = checked(Project, {"title": title}, at="input")
        good |= named
        faults += wrong
    if faults:
        return Outcome(user_errors=faults)
    if good["language"] == project.brief.language:
        text = f"The project is in {project.brief.language} already."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.language")
    if not any(frame.narration.strip() for _, frame in project.frames()):
        text = "The script has no narration to translate: write one with generateScript or addScene."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.projectId")
    if refused := await writer_missing(context, project, Capability.TRANSLATION):
        return refused
    job = new_job(context, JobKind.TRANSLATION, project_id, key=idempotency_key, payload=good)
    return await start_one(context, job, project)
