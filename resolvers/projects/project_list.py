"""Pages of projects, and the cursors between them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from beanie import PydanticObjectId

from access.permissions import Permission
from documents.projects import project_list
from documents.projects.project import Project
from documents.projects.project_list import Keyset, ProjectFilter, ProjectOrder, ProjectScope, Whose
from resolvers.companies.governing import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput

PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
_LONGEST_CURSOR: Final = 2_000  # characters; a title has 200, each at most 12 characters of JSON


@dataclass(frozen=True, slots=True)
class Paging:
    """Relay's four arguments, as the client gave them."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def check(self) -> None:
        """Refuse what makes no page.

        Raises:
            BadUserInput: names the argument.
        """
        if self.first is not None and self.last is not None:
            raise BadUserInput("last", "Give either `first` or `last`.")
        for name, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 0 <= size <= LARGEST_PAGE:
                raise BadUserInput(name, f"From 0 to {LARGEST_PAGE} are given at a time.")


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Projects in list order."""

    projects: Sequence[Project]
    order: ProjectOrder
    has_next: bool
    has_previous: bool

    def cursor(self, project: Project) -> str:
        """Where a project stands in this list, for `after` and `before`."""
        return _written(project_list.keyset(project, self.order), self.order)


async def projects(
    context: Context,
    *,
    scope: ProjectScope,
    wanted: ProjectFilter,
    order: ProjectOrder,
    paging: Paging,
    with_trees: bool,
) -> ProjectPage:
    """A page of the projects that the viewer owns or shares, or of those of the viewer's company.

    While the viewer's company is closed for want of a second factor, none of a company's projects is listed.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound, Forbidden: the company's are asked for, and the viewer has none or may not see them.
        BadUserInput: sizes or cursors make no sense, or the deleted projects of others are asked for.
    """
    viewer = context.require_viewer()
    paging.check()
    if wanted.is_deleted and scope is not ProjectScope.MINE:
        raise BadUserInput(
            "filter.isDeleted", "A deleted project is only its owner's to see: ask for it with scope MINE."
        )
    if scope is ProjectScope.COMPANY:
        own_company(context, Permission.COMPANY_PROJECTS_VIEW)
    whose = Whose(viewer.user_id, scope, viewer.company_id, outside_companies=viewer.lacks_second_factor)
    size = paging.last if paging.first is None else paging.first
    from_end = paging.last is not None
    found, has_more = await project_list.page(
        whose,
        wanted=wanted,
        order=order,
        size=PAGE_SIZE if size is None else size,
        after=_read(paging.after, order, "after"),
        before=_read(paging.before, order, "before"),
        from_end=from_end,
        whole=with_trees,
    )
    if with_trees:
        for project in found:
            context.trees.seen(project)
    return ProjectPage(
        found,
        order,
        has_next=paging.before is not None if from_end else has_more,
        has_previous=has_more if from_end else paging.after is not None,
    )


def _written(place: Keyset, order: ProjectOrder) -> str:
    value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
    text = orjson.dumps([order.value, value, str(place.project_id)])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _time(text: str) -> datetime:
    """A time with its zone, as MongoDB holds it: in UTC, which some times of other zones have no place in."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without a zone")
    return time.astimezone(UTC)


def _read(cursor: str | None, order: ProjectOrder, field: str) -> Keyset | None:
    if cursor is None:
        return None
    malformed = BadUserInput(field, "This is no cursor of this list. Send one as the API returned it.")
    if len(cursor) > _LONGEST_CURSOR:
        raise malformed
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts: Any = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        of_order, value, project_id = parts
        if of_order != order.value:
            raise BadUserInput(field, f"This cursor is of a list in another order than {order.value}.")
        if not isinstance(value, str):
            raise malformed
        place = value if order is ProjectOrder.TITLE else _time(value)
        return Keyset(place, PydanticObjectId(project_id))
    except (ValueError, TypeError, OverflowError) as error:  # bson's and base64's own among them
        raise malformed from error
