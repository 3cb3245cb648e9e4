"""What operations cost those who ask for them."""

from access.cost_budgets import Charge
from resolvers.context import Context


async def charge(context: Context, cost: int) -> Charge | None:
    """Take an operation's cost out of the budgets of whoever asks; None where nothing could be counted.

    Raises:
        CostExceeded: a budget is used up for now.
    """
    return await context.services.costs.charge(cost, context.viewer or context.guest, context.remote_address)
