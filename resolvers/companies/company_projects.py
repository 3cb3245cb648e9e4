"""Projects that come into a company: made there, or brought along by their owners."""

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.media import library
from documents.projects import project_life
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.tree import place as places
from documents.tree.edit import Change, Changed, change
from resolvers import audit
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree.changes import answer


async def create(project: Project) -> None:
    """Store a new project of a company, whose owner is a member at that moment.

    Raises:
        NotFound: the owner has just been removed.
    """
    company_id = project.company_id
    assert company_id is not None  # noqa: S101 - what makes it a company's

    async def write(session: AsyncClientSession) -> None:
        if not await membership.hold_place(project.owner_id, company_id, session=session):
            raise NotFound("Company")
        await project_life.create(project, session=session)

    await in_transaction(write)


async def bring_in(
    context: Context, project_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[Project]:
    """Let a project of the viewer's belong to the viewer's company from now on; the viewer stays its owner.

    Raises:
        NotFound: the viewer does not see the project, or belongs to no company.
        Forbidden: the viewer is not the project's owner.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_DELETE)
    company_id = own_company(context, Permission.COMPANY_VIEW)
    viewer_id = context.require_viewer().user_id
    if project.owner_id != viewer_id:
        raise Forbidden("Only its owner brings a project into a company.")
    if project.company_id is not None:
        text = "This project belongs to your company already."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.projectId")

    async def write(session: AsyncClientSession) -> Changed:
        if not await membership.hold_place(viewer_id, company_id, session=session):
            raise NotFound("Company")
        changed = await change(
            project_id,
            places.project(),
            Change(values={"company_id": company_id}),
            now=context.services.now(),
            kind=ChangeKind.PROJECT_CHANGED,
            expected_revision=expected_revision,
            condition={"owner_id": viewer_id, "company_id": None},
            session=session,
        )
        await library.follow([project_id], session=session)
        await audit.record(
            context,
            AuditAction.PROJECT_TRANSFERRED,
            "Project",
            project_id,
            session=session,
            company_id=company_id,
            project_id=project_id,
            into_company=str(company_id),
        )
        return changed

    return await answer(context, in_transaction(write))
