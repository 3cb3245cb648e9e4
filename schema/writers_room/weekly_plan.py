"""Plans of what to make on which day, as clients see them and list them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import relay

import documents.writers_room.weekly_plan as stored
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from documents.newest_first import Page
from resolvers.context import Context
from resolvers.jobs import jobs
from resolvers.writers_room import weekly_plans
from schema.connection import connection_of
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id, tree_gid
from schema.newest_first import After, Before, First, Last, cursor, window

if TYPE_CHECKING:
    from schema.jobs.job import Job

Info = strawberry.Info[Context, None]


@strawberry.type(description="One video that is planned.")
class WeeklyPlanEntry:
    """Over an entry and its plan's id."""

    def __init__(self, plan: stored.WeeklyPlan, entry: stored.PlanEntry) -> None:
        self.plan = plan
        self.entry = entry
        self.day, self.title, self.topic, self.hook = entry.day, entry.title, entry.topic, entry.hook
        self.hashtags = entry.hashtags

    day: str = strawberry.field(description="On which day, `YYYY-MM-DD`.")
    title: str = strawberry.field(description="1 to 200 characters.")
    topic: str = strawberry.field(description="What it is about, fit for a brief: 1 to 5,000 characters.")
    hook: str = strawberry.field(description="How it begins, at most 500 characters; may be empty.")
    hashtags: list[str] = strawberry.field(description="At most 30, without `#`.")

    @strawberry.field(
        graphql_type=strawberry.ID,
        description="For `updateWeeklyPlanEntry` and `createProjectFromPlanEntry`.",
    )
    def id(self, root: strawberry.Parent["WeeklyPlanEntry"]) -> str:
        """Plan and entry."""
        return tree_gid("WeeklyPlanEntry", root.plan.id, root.entry.id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project that was made of it, which may be gone; null before.",
    )
    def project_id(self, root: strawberry.Parent["WeeklyPlanEntry"]) -> str | None:
        """Global id of the project."""
        found = root.entry.project_id
        return None if found is None else document_gid("Project", found)


@strawberry.type(description="What to make on which day, as a persona planned it. Nobody else sees it.")
class WeeklyPlan(relay.Node):
    """Read from `documents.writers_room.weekly_plan.WeeklyPlan`."""

    id: relay.NodeID[str]
    brief: str = strawberry.field(description="What was asked for.")
    starts_on: str = strawberry.field(description="Its first day, `YYYY-MM-DD`.")
    days: int = strawberry.field(description="How many days it has.")
    per_day: int = strawberry.field(description="How many videos a day were asked for.")
    language: str = strawberry.field(description="BCP 47 tag of the language of the videos.")
    audience: str | None = strawberry.field(description="For whom they are.")
    culture: str | None = strawberry.field(description="Which culture they keep to.")
    persona_version: int = strawberry.field(description="Version of the persona that planned.")
    made_at: datetime | None = strawberry.field(
        description="When the persona was done; null while `job` works, or if it failed."
    )
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was asked for.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.WeeklyPlan]) -> str:
        """Kind and key."""
        return document_gid("WeeklyPlan", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the persona, which may be gone.")
    def persona_id(self, root: strawberry.Parent[stored.WeeklyPlan]) -> str:
        """Global id of the persona."""
        return document_gid("Persona", root.persona_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the show whose episodes are planned; null for none.",
    )
    def show_id(self, root: strawberry.Parent[stored.WeeklyPlan]) -> str | None:
        """Global id of the show."""
        return None if root.show_id is None else document_gid("Show", root.show_id)

    @strawberry.field(
        graphql_type=list[WeeklyPlanEntry],
        description="The videos, by day, at most 155; empty before the plan is made.",
    )
    def entries(self, root: strawberry.Parent[stored.WeeklyPlan]) -> list[WeeklyPlanEntry]:
        """Video by video."""
        return [WeeklyPlanEntry(root, entry) for entry in root.entries]

    @strawberry.field(
        graphql_type=Annotated["Job", strawberry.lazy("schema.jobs.job")] | None,
        description="The job that makes it; null once that is forgotten.",
        metadata={"cost": 2},
    )
    async def job(self, root: strawberry.Parent[stored.WeeklyPlan]) -> StoredJob | None:
        """The job."""
        return await jobs.by_id(root.job_id)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored plans are shown as they are."""
        return isinstance(obj, stored.WeeklyPlan)


WeeklyPlanConnection = connection_of(
    WeeklyPlan,
    "A page of plans, the newest first.",
    one="plan",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.type
class WeeklyPlanQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=WeeklyPlanConnection,
        description="The viewer's plans.",
        metadata={"cost": 2} | needs(Permission.ACCOUNT_VIEW),
    )
    async def weekly_plans(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Page[stored.WeeklyPlan]:
        """A page of them."""
        return await weekly_plans.listed(info.context, window(first, after, last, before))

    @strawberry.field(
        graphql_type=WeeklyPlan,
        description="One plan of the viewer's.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def weekly_plan(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the plan.")]
    ) -> stored.WeeklyPlan:
        """The plan."""
        return await weekly_plans.load(info.context, document_id(id, "WeeklyPlan", "id"))
