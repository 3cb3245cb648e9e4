"""The guards, the validation, the charge: what stands between the text of an operation and its execution."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension, ValidationCache

from access.cost_budgets import Charge, CostExceeded
from resolvers.context import Context
from schema.guarding.guards import Limits, verdict

ChargeOperation = Callable[[Context, int], Awaitable[Charge | None]]
"""Takes an operation's cost out of a budget; raises CostExceeded where it is used up."""


class ChargedValidation(SchemaExtension):
    """The guards, behind them the standard validation, whose verdicts are kept by document, then the charge.

    What the guards refuse is not validated: ten thousand bad directives cost one error. What is refused
    costs a little, too. `extensions.cost` says what the operation cost and how the budget stands that is
    nearest to its end; of a subscription the start is charged, and its first result says so.

    Args:
        limits: the most that one operation may ask for.
        charge: None where nothing is charged.
    """

    def __init__(self, limits: Limits, charge: ChargeOperation | None = None) -> None:
        self._limits = limits
        self._validate = ValidationCache(maxsize=limits.cached_documents).cached_validate_document
        self._charge_operation = charge
        self._charge: Charge | None = None

    async def on_validate(self) -> AsyncIterator[None]:
        """Refuse, or let the operation run."""
        cost = self._examine()
        if self._charge_operation is not None:
            context = self.execution_context
            try:
                self._charge = await self._charge_operation(context.context, cost)
            except CostExceeded as refused:
                self._charge = refused.charge
                context.pre_execution_errors = [GraphQLError(str(refused), original_error=refused)]
        yield

    def _examine(self) -> int:
        """Refuse or validate; the operation's cost."""
        context = self.execution_context
        assert context.graphql_document is not None  # noqa: S101 - parsing came before
        schema = context.schema._schema  # noqa: SLF001 - Strawberry's own caches reach it the same way
        found = verdict(
            schema,
            context.graphql_document,
            context._provided_operation_name,  # noqa: SLF001 - `operation_name` falls back to the first operation's
            context.variables or {},
            self._limits,
        )
        context.pre_execution_errors = (
            self._validate(schema, context.graphql_document, context.validation_rules)
            if found.refusal is None
            else [found.refusal]
        )
        return found.cost

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Tell the charge once."""
        del result
        self._charge = None
        yield

    def get_results(self) -> dict[str, Any]:
        """`extensions.cost`."""
        charge = self._charge
        if charge is None:
            return {}
        return {
            "cost": {
                "requested": charge.requested,
                "remaining": charge.remaining,
                "limit": charge.limit,
                "resetS": round(charge.reset_s, 3),
                "budget": charge.budget,
                "windowS": charge.window_s,
            }
        }
