"""Money is set aside before anything is bought, or the purchase is refused."""

from documents.jobs.job import Job
from documents.projects import spending
from tasks.buying.order import Order, beyond_installation
from tasks.job_engine.work import Hopeless


async def set_aside(job: Job, order: Order) -> None:
    """Set aside what an order should cost.

    Raises:
        Hopeless: it may not be bought: `UNSUPPORTED`, `PRICE_UNKNOWN` or `BUDGET_EXCEEDED`.
        LeaseLost: somebody else has the job.
    """
    if why := beyond_installation(order.offer, order.model):
        raise Hopeless("UNSUPPORTED", why)
    expected = order.expected_micros
    if expected is None:
        if order.project is not None and order.project.budget.ceiling_micros is not None:
            raise Hopeless(
                "PRICE_UNKNOWN",
                f"The project has a ceiling, and no price is set for {order.offer.provider}'s "
                f"{order.asked_model or 'model'}: the operator sets it in FRAMEWRIGHT_PRICES. Take the "
                "ceiling away, or choose another provider.",
            )
        return
    try:
        await spending.reserve(job, expected)
    except spending.OverCeiling as error:
        raise Hopeless(
            "BUDGET_EXCEEDED",
            f"This costs about {dollars(expected)}, and of the project's ceiling of "
            f"{dollars(error.ceiling_micros)} there are {dollars(error.left_micros)} left. Raise it with "
            "updateBudget, or make less.",
        ) from error


def dollars(micros: int) -> str:
    """An amount for people, in the major unit, to a hundredth of a cent where that matters."""
    return f"{micros / 1e6:.2f} USD" if micros % 10_000 == 0 else f"{micros / 1e6:.4f} USD"
