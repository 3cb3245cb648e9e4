"""What a project may cost and has cost."""

import strawberry

import documents.projects.money as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import budgets
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.money import Money, money
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]


@strawberry.type(description="What a project may cost and has cost at providers.")
class Budget:
    """Read from `documents.projects.money.Budget`."""

    revision: int = strawberry.field(description="Raised with each change to the ceiling.")

    @strawberry.field(
        graphql_type=Money | None,
        description="What is spent and reserved together never exceeds it; null for no ceiling. A paid step "
        "that would pass it fails with `BUDGET_EXCEEDED`, before anything is bought.",
    )
    def ceiling(self, root: strawberry.Parent[stored.Budget]) -> Money | None:
        """The ceiling."""
        return None if root.ceiling_micros is None else money(root.ceiling_micros, root.currency)

    @strawberry.field(graphql_type=Money, description="What providers have charged so far.")
    def spent(self, root: strawberry.Parent[stored.Budget]) -> Money:
        """Spent."""
        return money(root.spent_micros, root.currency)

    @strawberry.field(graphql_type=Money, description="What jobs that run now are expected to cost.")
    def reserved(self, root: strawberry.Parent[stored.Budget]) -> Money:
        """Reserved."""
        return money(root.reserved_micros, root.currency)

    @strawberry.field(
        graphql_type=Money | None, description="What may still be spent; null where there is no ceiling."
    )
    def left(self, root: strawberry.Parent[stored.Budget]) -> Money | None:
        """Left."""
        if root.ceiling_micros is None:
            return None
        return money(max(0, root.ceiling_micros - root.spent_micros - root.reserved_micros), root.currency)


@strawberry.input(description="A ceiling for a project.")
class UpdateBudgetInput:
    """Unpacked by `BudgetMutations.update_budget`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    ceiling_micros: BigInt | None = strawberry.field(
        description="The most that may be spent in all, in millionths of a dollar: 2,500,000 are 2.50 USD. "
        "Null for no ceiling."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="Change nothing if the budget has another revision by now."
    )


@strawberry.type(description="What came of setting a ceiling.")
class UpdateBudgetPayload(Payload):
    """Over `Outcome[Budget]`."""

    budget = result_field(Budget, "The budget as it is now; null if it was refused.")


@strawberry.type
class BudgetMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateBudgetPayload,
        description="Set what a project may cost. What is being made already goes on; what would pass the "
        "ceiling is not bought. `INVALID`: out of range. `REVISION_CONFLICT`: it was changed meanwhile.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def update_budget(self, info: Info, input: UpdateBudgetInput) -> Outcome[stored.Budget]:
        """Set the ceiling."""
        return await budgets.update(
            info.context,
            project_id(input.project_id, "input.projectId"),
            ceiling_micros=input.ceiling_micros,
            expected_revision=input.expected_revision,
        )
