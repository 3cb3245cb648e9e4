"""Money is set aside before anything is bought, or the purchase is refused."""

from datetime import datetime

from documents.accounts.allowance import Allowance
from documents.jobs.job import Job
from documents.jobs.personal_spending import WINDOW, PersonalSpending, room_again_at
from documents.jobs.usage_record import INSTALLATION
from documents.projects import spending
from tasks.buying.order import Order, beyond_installation
from tasks.job_engine.work import Hopeless
from tasks.workshop import Workshop

OWN_KEY = "Save a key of your own with saveProviderKey to go on without this limit."


async def set_aside(shop: Workshop, job: Job, order: Order) -> None:
    """Set aside what an order should cost.

    Raises:
        Hopeless: it may not be bought: `UNSUPPORTED`, `PRICE_UNKNOWN`, `BUDGET_EXCEEDED` or
            `SPENDING_LIMIT_EXCEEDED`.
        LeaseLost: somebody else has the job.
    """
    if why := beyond_installation(order.offer, order.model):
        raise Hopeless("UNSUPPORTED", why)
    expected = order.expected_micros
    if expected is None:
        await _check_unpriced(shop, job, order)
        return
    now = shop.now()
    by_installation = None
    if order.offer.whose_key == INSTALLATION:
        by_installation = spending.ByInstallation(shop.spending_per_user_micros, now)
    try:
        await spending.reserve(job, expected, by_installation)
    except spending.OverCeiling as error:
        raise Hopeless(
            "BUDGET_EXCEEDED",
            f"This costs about {dollars(expected)}, and of the project's ceiling of "
            f"{dollars(error.ceiling_micros)} there are {dollars(error.left_micros)} left. Raise it with "
            "updateBudget, or make less.",
        ) from error
    except spending.OverLimit as error:
        again = await room_again_at(job.owner_id, error.missing_micros, now=now)
        raise Hopeless("SPENDING_LIMIT_EXCEEDED", over_limit(expected, error.spending, again)) from error


async def _check_unpriced(shop: Workshop, job: Job, order: Order) -> None:
    """Let what has no known price be bought where nothing is to be held."""
    what = (
        f"no price is set for {order.offer.provider}'s {order.asked_model or 'model'}: the operator sets it"
    )
    if order.project is not None and order.project.budget.ceiling_micros is not None:
        raise Hopeless(
            "PRICE_UNKNOWN",
            f"The project has a ceiling, and {what} in FRAMEWRIGHT_PRICES. Take the ceiling away, or choose "
            "another provider.",
        )
    if order.offer.whose_key != INSTALLATION:
        return
    if await Allowance.limit_of(job.owner_id, shop.spending_per_user_micros) is not None:
        raise Hopeless(
            "PRICE_UNKNOWN",
            f"What you may spend with this installation's keys is limited, and {what} in FRAMEWRIGHT_PRICES. "
            f"Choose another provider. {OWN_KEY}",
        )


def over_limit(expected_micros: int, standing: PersonalSpending, again_at: datetime | None) -> str:
    """Why something that costs so much is not bought for a person, and what to do."""
    limit, left = standing.limit_micros or 0, standing.left_micros or 0
    said = (
        f"This costs about {dollars(expected_micros)}, and of the {dollars(limit)} that you may spend with "
        f"this installation's keys within {WINDOW.days} days there are {dollars(left)} left."
    )
    if expected_micros > limit:
        return f"{said} {OWN_KEY}"
    if again_at is None:
        return f"{said} There is room for it when what you have ordered is done and cost less. {OWN_KEY}"
    return f"{said} There is room for it again from {again_at:%Y-%m-%d %H:%M} UTC. {OWN_KEY}"


def dollars(micros: int) -> str:
    """An amount for people, in the major unit, to a hundredth of a cent where that matters."""
    return f"{micros / 1e6:.2f} USD" if micros % 10_000 == 0 else f"{micros / 1e6:.4f} USD"
