"""Usage added up, as clients see it."""

from datetime import date, datetime
from typing import Annotated

import strawberry

import documents.jobs.usage_summary as stored
from access.permissions import Permission
from documents.jobs.job import JobKind
from documents.jobs.usage_summary import Dimension
from resolvers.context import Context
from resolvers.jobs import usage
from resolvers.jobs.usage import Summary
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.jobs.usage_filter import Wanted, wanted
from schema.money import Money, money
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]

_DEAREST = (
    f"the dearest first, at most {stored.GROUPS_MAX}; `totals` of the summary counts those left out, too."
)
_ADDED_UP = (
    " Amounts and costs in all, and by day, kind, provider, model, project and person. Without `since` the "
    "30 days before `until` are added up, without `until` what was bought until now; at most 366 days."
)


@strawberry.type(description="What some purchases come to.")
class UsageTotals:
    """Read from `documents.jobs.usage_summary.UsageTotals`."""

    calls: int = strawberry.field(description="How many purchases.")
    unpriced_calls: int = strawberry.field(
        description="Those of them for which no price was set: `costs` lacks what they cost."
    )
    input_tokens: BigInt = strawberry.field(description="Tokens read.")
    output_tokens: BigInt = strawberry.field(description="Tokens written.")
    characters: BigInt = strawberry.field(description="Characters spoken.")
    images: BigInt = strawberry.field(description="Pictures made.")
    seconds: float = strawberry.field(description="Seconds of sound or moving picture, or of work.")
    duration_ms: BigInt = strawberry.field(description="How long the calls took in all, in milliseconds.")

    @strawberry.field(
        graphql_type=list[Money],
        description="What was charged, by currency of the operator's prices.",
    )
    def costs(self, root: strawberry.Parent[stored.UsageTotals]) -> list[Money]:
        """By currency."""
        return [money(micros, currency) for currency, micros in root.costs]


@strawberry.type
class _Group:
    """Over `documents.jobs.usage_summary.UsageGroup`; clients see it as each of its kinds alone."""

    @strawberry.field(graphql_type=UsageTotals, description="What they come to.")
    def totals(self, root: strawberry.Parent[stored.UsageGroup]) -> stored.UsageTotals:
        """The sums."""
        return root.totals


@strawberry.type(description="What was bought on one day.")
class UsageOfDay(_Group):
    """Of `Dimension.DAY`."""

    @strawberry.field(description="The day, from midnight to midnight in UTC.")
    def day(self, root: strawberry.Parent[stored.UsageGroup]) -> date:
        """Its date."""
        begins: datetime = root.key["day"]
        return begins.date()


@strawberry.type(description="What was bought for one kind of work.")
class UsageOfKind(_Group):
    """Of `Dimension.KIND`."""

    @strawberry.field(description="What it was for.")
    def kind(self, root: strawberry.Parent[stored.UsageGroup]) -> JobKind:
        """The kind."""
        return JobKind(root.key["kind"])


@strawberry.type(description="What was bought from one provider.")
class UsageOfProvider(_Group):
    """Of `Dimension.PROVIDER`."""

    @strawberry.field(description="Who was paid.")
    def provider(self, root: strawberry.Parent[stored.UsageGroup]) -> str:
        """Its name."""
        return str(root.key["provider"])


@strawberry.type(description="What was bought of one model.")
class UsageOfModel(_Group):
    """Of `Dimension.MODEL`."""

    @strawberry.field(description="Who was paid.")
    def provider(self, root: strawberry.Parent[stored.UsageGroup]) -> str:
        """Its name."""
        return str(root.key["provider"])

    @strawberry.field(description="For which model.")
    def model(self, root: strawberry.Parent[stored.UsageGroup]) -> str:
        """The model."""
        return str(root.key["model"])


@strawberry.type(description="What was bought for one project.")
class UsageOfProject(_Group):
    """Of `Dimension.PROJECT`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project, which may be gone by now; null for what was in none.",
    )
    def project_id(self, root: strawberry.Parent[stored.UsageGroup]) -> str | None:
        """The project."""
        found = root.key.get("project_id")
        return None if found is None else document_gid("Project", found)


@strawberry.type(description="What one person's jobs bought.")
class UsageOfUser(_Group):
    """Of `Dimension.USER`."""

    @strawberry.field(
        graphql_type=strawberry.ID, description="Id of the `User`, whose account may be gone by now."
    )
    def user_id(self, root: strawberry.Parent[stored.UsageGroup]) -> str:
        """The user."""
        return document_gid("User", root.key["owner_id"])


@strawberry.type(description="Purchases of some time, added up. Each field is counted when it is asked for.")
class UsageSummary:
    """Over `resolvers.jobs.usage.Summary`."""

    since: datetime = strawberry.field(description="From this time on.")
    until: datetime = strawberry.field(description="Before this time.")

    @strawberry.field(graphql_type=UsageTotals, description="All together.", metadata={"cost": 10})
    async def totals(self, root: strawberry.Parent[Summary]) -> stored.UsageTotals:
        """The sums of all."""
        return await stored.totals(root.query)

    @strawberry.field(
        graphql_type=list[UsageOfDay],
        description="By day in UTC, in their order; days on which nothing was bought are left out.",
        metadata={"cost": 10},
    )
    async def by_day(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Day by day."""
        return await stored.groups(root.query, Dimension.DAY)

    @strawberry.field(
        graphql_type=list[UsageOfKind], description=f"By kind of work, {_DEAREST}", metadata={"cost": 10}
    )
    async def by_kind(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Kind by kind."""
        return await stored.groups(root.query, Dimension.KIND)

    @strawberry.field(
        graphql_type=list[UsageOfProvider], description=f"By provider, {_DEAREST}", metadata={"cost": 10}
    )
    async def by_provider(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Provider by provider."""
        return await stored.groups(root.query, Dimension.PROVIDER)

    @strawberry.field(
        graphql_type=list[UsageOfModel], description=f"By model, {_DEAREST}", metadata={"cost": 10}
    )
    async def by_model(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Model by model."""
        return await stored.groups(root.query, Dimension.MODEL)

    @strawberry.field(
        graphql_type=list[UsageOfProject], description=f"By project, {_DEAREST}", metadata={"cost": 10}
    )
    async def by_project(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Project by project."""
        return await stored.groups(root.query, Dimension.PROJECT)

    @strawberry.field(
        graphql_type=list[UsageOfUser], description=f"By person, {_DEAREST}", metadata={"cost": 10}
    )
    async def by_user(self, root: strawberry.Parent[Summary]) -> list[stored.UsageGroup]:
        """Person by person."""
        return await stored.groups(root.query, Dimension.USER)


@strawberry.type
class UsageSummaryQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=UsageSummary,
        description=f"What the viewer's own jobs bought from providers, added up.{_ADDED_UP}",
        metadata={"cost": 5} | needs(Permission.ACCOUNT_VIEW),
    )
    def usage_summary(self, info: Info, filter: Wanted = None) -> Summary:
        """The viewer's."""
        return usage.summary_of_viewer(info.context, wanted(filter))

    @strawberry.field(
        graphql_type=UsageSummary,
        description=f"What was bought for a project, by whomever, added up.{_ADDED_UP}",
        metadata={"cost": 5} | needs(Permission.PROJECT_PRODUCE),
    )
    async def project_usage_summary(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        filter: Wanted = None,
    ) -> Summary:
        """A project's."""
        found = document_id(project_id, "Project", "projectId")
        return await usage.summary_of_project(info.context, found, wanted(filter))

    @strawberry.field(
        graphql_type=UsageSummary,
        description=f"What was bought for the projects of the viewer's company, added up.{_ADDED_UP}",
        metadata={"cost": 5} | needs(Permission.COMPANY_EDIT),
    )
    def company_usage_summary(self, info: Info, filter: Wanted = None) -> Summary:
        """The company's."""
        return usage.summary_of_company(info.context, wanted(filter))
