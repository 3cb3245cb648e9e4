"""What was bought from providers, as those may read it who paid or whose project it was for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs.usage_list import UsageFilter
from documents.jobs.usage_record import UsageRecord
from documents.newest_first import Page, Window, page
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput

SUMMARY_DAYS_MAX: Final = 366
SUMMARY_DAYS: Final = 30
_PROVIDERS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Summary:
    """Records to be added up, in each way that is asked for.

    Args:
        since, until: the time that it covers, half-open.
        query: which records, as MongoDB is asked.
    """

    since: datetime
    until: datetime
    query: Mapping[str, Any]


async def of_viewer(context: Context, wanted: UsageFilter, window: Window) -> Page[UsageRecord]:
    """A page of what the viewer's jobs bought, the newest first."""
    return await _listed(_of_viewer(context), wanted, window)


async def of_project(
    context: Context, project_id: PydanticObjectId, wanted: UsageFilter, window: Window
) -> Page[UsageRecord]:
    """A page of what was bought for a project, the newest first.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not what it costs.
    """
    return await _listed(await _of_project(context, project_id), wanted, window)


async def of_company(context: Context, wanted: UsageFilter, window: Window) -> Page[UsageRecord]:
    """A page of what was bought for the projects of the viewer's company, the newest first.

    Raises:
        NotFound, Forbidden: the viewer belongs to none, or may not read this.
    """
    return await _listed(_of_company(context), wanted, window)


def summary_of_viewer(context: Context, wanted: UsageFilter) -> Summary:
    """What the viewer's jobs bought, to be added up."""
    return _summary(context, _of_viewer(context), wanted)


async def summary_of_project(context: Context, project_id: PydanticObjectId, wanted: UsageFilter) -> Summary:
    """What was bought for a project, to be added up. Raises as `of_project` does."""
    return _summary(context, await _of_project(context, project_id), wanted)


def summary_of_company(context: Context, wanted: UsageFilter) -> Summary:
    """What was bought for the viewer's company, to be added up. Raises as `of_company` does."""
    return _summary(context, _of_company(context), wanted)


def _of_viewer(context: Context) -> dict[str, Any]:
    return {"owner_id": context.require_viewer().user_id}


async def _of_project(context: Context, project_id: PydanticObjectId) -> dict[str, Any]:
    await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    return {"project_id": project_id}


def _of_company(context: Context) -> dict[str, Any]:
    return {"company_id": own_company(context, Permission.COMPANY_EDIT)}


async def _listed(of: Mapping[str, Any], wanted: UsageFilter, window: Window) -> Page[UsageRecord]:
    _check(wanted)
    return await page(UsageRecord, wanted.query(of), window, by="at")


def _summary(context: Context, of: Mapping[str, Any], wanted: UsageFilter) -> Summary:
    until = wanted.until or context.services.now()
    since = wanted.since or _before(until)
    bounded = replace(wanted, since=since, until=until)
    _check(bounded)
    if until - since > timedelta(days=SUMMARY_DAYS_MAX):
        text = f"At most {SUMMARY_DAYS_MAX} days are added up at a time: ask for a later start, or in parts."
        raise BadUserInput("filter.since", text)
    return Summary(since, until, bounded.query(of))


def _before(until: datetime) -> datetime:
    try:
        return until - timedelta(days=SUMMARY_DAYS)
    except OverflowError as error:
        raise BadUserInput("filter.until", "There is no time so long before this: give `since`.") from error


def _check(wanted: UsageFilter) -> None:
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        raise BadUserInput("filter.until", "This is not after `since`: nothing lies in between.")
    if wanted.providers is not None and len(wanted.providers) > _PROVIDERS_MAX:
        raise BadUserInput("filter.providers", f"At most {_PROVIDERS_MAX} are named at a time.")
