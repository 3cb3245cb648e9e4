"""What was bought from providers: one record for each call."""

from datetime import datetime
from typing import Annotated

import strawberry

import documents.jobs.usage_record as stored
from access.permissions import Permission
from documents.jobs.job import JobKind
from documents.newest_first import Page
from providers.service import Whose
from resolvers.context import Context
from resolvers.jobs import usage
from schema.connection import connection_of
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.jobs.job import job_node_id
from schema.jobs.usage_filter import Wanted, wanted
from schema.money import Money, money
from schema.newest_first import After, Before, First, Last, cursor, window

Info = strawberry.Info[Context, None]


@strawberry.type(description="One call to a provider that was paid. Written once, never changed.")
class UsageRecord:
    """Read from `documents.jobs.usage_record.UsageRecord`."""

    at: datetime = strawberry.field(description="When it was booked.")
    kind: JobKind = strawberry.field(description="What it was for.")
    provider: str = strawberry.field(description="Who was paid.")
    model: str = strawberry.field(description="For which model.")
    provider_id: str | None = strawberry.field(
        description="The provider's own id of the request, for questions to the provider."
    )
    is_priced: bool = strawberry.field(description="False where no price was set, so that `cost` is 0.")
    input_tokens: int = strawberry.field(description="Tokens read.")
    output_tokens: int = strawberry.field(description="Tokens written.")
    characters: int = strawberry.field(description="Characters spoken.")
    images: int = strawberry.field(description="Pictures made.")
    seconds: float = strawberry.field(description="Seconds of sound or moving picture, or of work.")
    duration_ms: int = strawberry.field(description="How long the call took, in milliseconds.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the record.")
    def id(self, root: strawberry.Parent[stored.UsageRecord]) -> str:
        """Its id."""
        return document_gid("UsageRecord", root.id)

    @strawberry.field(graphql_type=Money, description="What was charged.")
    def cost(self, root: strawberry.Parent[stored.UsageRecord]) -> Money:
        """The price."""
        return money(root.cost_micros, root.currency)

    @strawberry.field(graphql_type=Whose, description="Whose key paid.")
    def whose_key(self, root: strawberry.Parent[stored.UsageRecord]) -> Whose:
        """Whose it was."""
        return Whose(root.whose_key)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the node that it was bought for, such as a `Frame`, a `Scene`, a `Chat` or a "
        "`Character`, which may be gone by now; null for what was for the whole project, and for a plan.",
    )
    def node_id(self, root: strawberry.Parent[stored.UsageRecord]) -> str | None:
        """The node."""
        return job_node_id(root.kind, root.project_id, root.node_id, root.node_kind)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the job, which may be gone by now.")
    def job_id(self, root: strawberry.Parent[stored.UsageRecord]) -> str:
        """The job."""
        return document_gid("Job", root.job_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project, which may be gone by now; null for none.",
    )
    def project_id(self, root: strawberry.Parent[stored.UsageRecord]) -> str | None:
        """The project."""
        return None if root.project_id is None else document_gid("Project", root.project_id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the `User` whose job it was.")
    def user_id(self, root: strawberry.Parent[stored.UsageRecord]) -> str:
        """The user."""
        return document_gid("User", root.owner_id)


UsageRecordConnection = connection_of(
    UsageRecord,
    "A page of what was bought, the newest first.",
    one="purchase",
    place=lambda each: cursor(each.at, each.id),
)


@strawberry.type
class UsageQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=UsageRecordConnection,
        description="What the viewer's own jobs bought from providers, the newest first.",
        metadata={"cost": 5} | needs(Permission.ACCOUNT_VIEW),
    )
    async def usage(
        self,
        info: Info,
        *,
        filter: Wanted = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.UsageRecord]:
        """The viewer's."""
        return await usage.of_viewer(info.context, wanted(filter), window(first, after, last, before))

    @strawberry.field(
        graphql_type=UsageRecordConnection,
        description="What was bought for a project, by whomever, the newest first.",
        metadata={"cost": 5} | needs(Permission.PROJECT_PRODUCE),
    )
    async def project_usage(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        *,
        filter: Wanted = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.UsageRecord]:
        """A project's."""
        found = document_id(project_id, "Project", "projectId")
        return await usage.of_project(info.context, found, wanted(filter), window(first, after, last, before))

    @strawberry.field(
        graphql_type=UsageRecordConnection,
        description="What was bought for the projects of the viewer's company, the newest first.",
        metadata={"cost": 5} | needs(Permission.COMPANY_EDIT),
    )
    async def company_usage(
        self,
        info: Info,
        *,
        filter: Wanted = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.UsageRecord]:
        """The company's."""
        return await usage.of_company(info.context, wanted(filter), window(first, after, last, before))
