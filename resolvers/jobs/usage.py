"""What was bought from providers, as those may read it who paid or whose project it was for."""

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs.usage_record import UsageRecord
from documents.newest_first import Page, Window, page
from resolvers.companies.governing import own_company
from resolvers.context import Context


async def of_viewer(context: Context, window: Window) -> Page[UsageRecord]:
    """A page of what the viewer's jobs bought, the newest first."""
    query = {"owner_id": context.require_viewer().user_id}
    return await page(UsageRecord, query, window, by="at")


async def of_project(context: Context, project_id: PydanticObjectId, window: Window) -> Page[UsageRecord]:
    """A page of what was bought for a project, the newest first.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not what it costs.
    """
    await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    return await page(UsageRecord, {"project_id": project_id}, window, by="at")


async def of_company(context: Context, window: Window) -> Page[UsageRecord]:
    """A page of what was bought for the projects of the viewer's company, the newest first.

    Raises:
        NotFound, Forbidden: the viewer belongs to none, or may not read this.
    """
    company_id = own_company(context, Permission.COMPANY_EDIT)
    return await page(UsageRecord, {"company_id": company_id}, window, by="at")
