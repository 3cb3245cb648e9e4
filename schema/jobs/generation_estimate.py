"""What making single things would take and cost."""

from typing import Annotated

import strawberry

from access.permissions import Permission
from documents.jobs.job import JobKind
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.jobs import generation_estimates, personal_spending
from schema.guarding.rules import needs
from schema.ids import any_ref, document_id
from schema.money import Money, money

Info = strawberry.Info[Context, None]


@strawberry.type(description="What making some things would take, and by whom.")
class GenerationEstimate:
    """Read from `resolvers.jobs.generation_estimates.GenerationEstimate`."""

    pieces: int = strawberry.field(description="How many things would be made.")
    model: str | None = strawberry.field(description="The model that would be asked.")
    exceeds_ceiling: bool = strawberry.field(
        description="Whether the project's ceiling would stop it, now or on the way."
    )

    @strawberry.field(
        description="Whether the viewer's limit with the installation's keys would stop it: see "
        "`viewer.spending`.",
        metadata={"cost": 5},
    )
    async def exceeds_spending_limit(
        self, root: strawberry.Parent[generation_estimates.GenerationEstimate], info: Info
    ) -> bool:
        """Whether it is more than is left."""
        return await personal_spending.is_beyond_limit(info.context, root.foreseen.by_installation)

    @strawberry.field(description="Who would be asked; null where nobody does this here.")
    def provider(self, root: strawberry.Parent[generation_estimates.GenerationEstimate]) -> str | None:
        """The provider."""
        return None if root.offer is None else root.offer.provider

    @strawberry.field(description="Why it cannot be made here and what to set; null if it can.")
    def unavailable_reason(
        self, root: strawberry.Parent[generation_estimates.GenerationEstimate]
    ) -> str | None:
        """Why not."""
        return root.unsupported

    @strawberry.field(
        description="Seconds, with the workers that there are now and nothing else to do; learned from the "
        "jobs that were done on this installation."
    )
    def duration_s(self, root: strawberry.Parent[generation_estimates.GenerationEstimate]) -> float:
        """How long."""
        return root.foreseen.duration_s

    @strawberry.field(graphql_type=Money, description="What providers will charge, by the operator's prices.")
    def cost(self, root: strawberry.Parent[generation_estimates.GenerationEstimate]) -> Money:
        """How much."""
        return money(root.foreseen.cost_micros, "USD")

    @strawberry.field(
        description="False where the provider charges and the operator has set no price: `cost` is then 0."
    )
    def is_priced(self, root: strawberry.Parent[generation_estimates.GenerationEstimate]) -> bool:
        """Whether the price is known."""
        return root.foreseen.is_priced


@strawberry.type
class GenerationEstimateQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=GenerationEstimate,
        description="What making things of one kind would take and cost now, before they are ordered. "
        "`BAD_USER_INPUT`: the kind is not made by a provider, or not for such nodes.",
        metadata={"cost": 10} | needs(Permission.PROJECT_VIEW),
    )
    async def generation_estimate(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        kind: Annotated[JobKind, strawberry.argument(description="What would be made.")],
        node_ids: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Ids of the project's frames or scenes to make it for; null for all that are "
                "shown, and for what is made for the whole project."
            ),
        ] = None,
        count: Annotated[int, strawberry.argument(description="How many for each, 1 to 500.")] = 1,
    ) -> generation_estimates.GenerationEstimate:
        """Foresee."""
        found = document_id(project_id, "Project", "projectId")
        nodes = None
        if node_ids is not None:
            refs = [any_ref(each, f"nodeIds.{index}") for index, each in enumerate(node_ids)]
            if any(ref.project_id != found for ref in refs):
                raise BadUserInput("nodeIds", "These are not all nodes of the project.")
            nodes = [ref.oid for ref in refs]
        return await generation_estimates.estimate(info.context, found, kind, node_ids=nodes, count=count)
