"""Buying from providers: money set aside first, each thing bought once, booked as soon as it is there.

What a job has bought stands in its checkpoint under `purchases`, by name: when the buying began
(`opened_at`), the provider's ticket for long work, and at the end the answer, its bytes under their key. A
worker that takes over finds it and buys nothing again. A provider that answers at once and whose worker dies
between the answer and its booking is asked again: such services know no idempotency.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from beanie import PydanticObjectId
from pydantic import TypeAdapter

from documents.jobs import job_claim
from documents.jobs.job import Job
from documents.jobs.job_end import LeaseLost
from documents.jobs.usage_record import UsageRecord
from documents.projects import spending
from documents.projects.project import Project
from documents.tree.asset import StoredFile
from providers.errors import ProviderError
from providers.prices import price_of
from providers.protocols.offer import Offer, Usage
from providers.protocols.prediction import Tab, Ticket, Unwritten
from tasks.buying.file_types import EXTENSIONS
from tasks.job_engine.derived import derived_id
from tasks.job_engine.kill_points import KillPoint, KillPoints
from tasks.job_engine.work import Hopeless
from tasks.workshop import Workshop, ask


class Answer(Protocol):
    """What a provider gives: it says what it took."""

    @property
    def usage(self) -> Usage:
        """What it took."""
        ...


class FileAnswer(Answer, Protocol):
    """An answer with an encoded file."""

    @property
    def data(self) -> bytes:
        """The file."""
        ...

    @property
    def mime_type(self) -> str:
        """Its type."""
        ...


AnswerT = TypeVar("AnswerT", bound=Answer)
FileT = TypeVar("FileT", bound=FileAnswer)


@dataclass(frozen=True, slots=True)
class Bought(Generic[FileT]):
    """A file that is stored. `made.data` is empty where another worker has bought it."""

    made: FileT
    file: StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to buy.

    Args:
        name: tells the purchases of one job apart: lower-case letters and `_`.
        offer: of the maker that is asked.
        model: that is asked for; None for the maker's default.
        amounts: what will be charged for, as `Price.micros` takes it, such as `images=1`.
        project: that pays; None for what is in no project.
        company_id: whose keys may pay, for what is in no project; None for nobody's.
    """

    name: str
    offer: Offer
    model: str | None
    amounts: dict[str, float]
    project: Project | None
    company_id: PydanticObjectId | None = None

    @property
    def expected_micros(self) -> int | None:
        """What it should cost; None where no price is known."""
        return expected_micros(self.offer, self.model, self.amounts)


def expected_micros(offer: Offer, model: str | None, amounts: dict[str, float]) -> int | None:
    """What a call to a provider should cost; None where no price is known."""
    if offer.is_free:
        return 0
    price = price_of(offer.prices, model or next(iter(offer.models), ""))
    return None if price is None else price.micros(**cast("dict[str, Any]", amounts))


class JobTab:
    """A tab that stands in the job's checkpoint."""

    def __init__(
        self, job: Job, name: str, now: Callable[[], datetime], kill_points: KillPoints | None = None
    ) -> None:
        self._job, self._name, self._now = job, name, now
        self._kill_points = kill_points or KillPoints()

    @property
    def _entry(self) -> dict[str, Any]:
        return dict(self._job.checkpoint.get("purchases", {}).get(self._name, {}))

    @property
    def ticket(self) -> Ticket | None:
        """What was bought already."""
        found = self._entry.get("ticket")
        return None if found is None else Ticket(**found)

    @property
    def opened_at(self) -> datetime | None:
        """When an earlier try was about to buy."""
        return self._entry.get("opened_at")

    async def open(self) -> None:
        """Say that something is about to be bought. Raises LeaseLost."""
        await self._write({"opened_at": self._now()})

    async def keep(self, ticket: Ticket) -> None:
        """Remember what was bought. Raises LeaseLost."""
        self._kill_points.reach(KillPoint.BEFORE_TICKET)
        values = {each.name: getattr(ticket, each.name) for each in fields(ticket)}
        await self._write(self._entry | {"ticket": values})
        self._kill_points.reach(KillPoint.AFTER_TICKET)

    async def discard(self) -> None:
        """Forget it. Raises LeaseLost."""
        await self._write({})

    async def _write(self, entry: dict[str, Any]) -> None:
        purchases = {**self._job.checkpoint.get("purchases", {}), self._name: entry}
        checkpoint = {**self._job.checkpoint, "purchases": purchases}
        if not await job_claim.save_checkpoint(self._job, checkpoint):
            raise LeaseLost
        self._job.checkpoint = checkpoint


async def buy(
    shop: Workshop, job: Job, order: Order, kind: type[AnswerT], call: Callable[[Tab], Awaitable[AnswerT]]
) -> AnswerT:
    """Buy an answer without a file, or find the one that was bought.

    Args:
        shop: the worker's parts.
        job: that is claimed.
        order: what is bought, and from whom.
        kind: the answer's class.
        call: asks the provider.

    Raises:
        Retryable, Hopeless: as for `ask`; Hopeless `BUDGET_EXCEEDED` if the project's ceiling is too low.
    """
    if order.offer.is_free:
        return await ask(call(Unwritten()))
    adapter = TypeAdapter(kind)
    known = _entry(job, order).get("answer")
    if known is not None:
        return adapter.validate_python(known)
    await _set_aside(job, order)
    answer = await _asked(shop, job, order, call)
    shop.kill_points.reach(KillPoint.AFTER_ANSWER)
    await _book(shop, job, order, answer.usage, {"answer": adapter.dump_python(answer, mode="json")})
    return answer


async def buy_file(
    shop: Workshop,
    job: Job,
    order: Order,
    kind: type[FileT],
    *,
    key: Callable[[str], str],
    call: Callable[[Tab], Awaitable[FileT]],
) -> Bought[FileT]:
    """Buy a file and store it, or find the one that was bought; `key` names where it lies, by its extension.

    Raises:
        Retryable, Hopeless: as for `buy`.
    """
    if order.offer.is_free:
        made = await ask(call(Unwritten()))
        return Bought(made, await _store(shop, key, made))
    adapter = TypeAdapter(kind)
    known = _entry(job, order).get("answer")
    if known is not None:
        file = StoredFile.model_validate(_entry(job, order)["file"])
        return Bought(adapter.validate_python(known), file)
    await _set_aside(job, order)
    made = await _asked(shop, job, order, call)
    shop.kill_points.reach(KillPoint.AFTER_ANSWER)
    file = await _store(shop, key, made)
    light = replace(cast("Any", made), data=b"")
    entry = {"answer": adapter.dump_python(light, mode="json"), "file": file.stored()}
    await _book(shop, job, order, made.usage, entry)
    return Bought(made, file)


async def _asked(
    shop: Workshop, job: Job, order: Order, call: Callable[[Tab], Awaitable[AnswerT]]
) -> AnswerT:
    """Ask, and count what was charged for nothing as well."""

    async def counted() -> AnswerT:
        try:
            return await call(JobTab(job, order.name, shop.now, shop.kill_points))
        except ProviderError as error:
            if error.usage is not None:
                await spending.book(job, order.name, None, _record(shop, job, order, error.usage))
            raise

    return await ask(counted())


def is_bought(job: Job, order: Order) -> bool:
    """Whether an earlier try has the answer already."""
    return "answer" in _entry(job, order)


def _entry(job: Job, order: Order) -> dict[str, Any]:
    return dict(job.checkpoint.get("purchases", {}).get(order.name, {}))


async def _store(shop: Workshop, key_by: Callable[[str], str], made: FileAnswer) -> StoredFile:
    key = key_by(EXTENSIONS[made.mime_type])
    await shop.objects.put_bytes(key, made.data, made.mime_type)
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    return StoredFile(
        key=key,
        sha256=(await asyncio.to_thread(hashlib.sha256, made.data)).hexdigest(),
        size_bytes=len(made.data),
        mime_type=made.mime_type,
    )


def beyond_installation(offer: Offer, model: str | None) -> str | None:
    """Why a model may not be used with the installation's key; None if it may.

    Its operator pays for what is set up or has a price, and not for whatever model somebody names.
    """
    is_known = model is None or model in offer.models or price_of(offer.prices, model) is not None
    if offer.is_free or offer.whose_key != "INSTALLATION" or is_known:
        return None
    return (
        f"{model} is neither set up nor priced here for the installation's key at {offer.provider}: choose "
        f"{' or '.join(offer.models) or 'no model'}, or save a key of your own with saveProviderKey."
    )


async def _set_aside(job: Job, order: Order) -> None:
    if why := beyond_installation(order.offer, order.model):
        raise Hopeless("UNSUPPORTED", why)
    expected = order.expected_micros
    if expected is None:
        if order.project is not None and order.project.budget.ceiling_micros is not None:
            raise Hopeless(
                "PRICE_UNKNOWN",
                f"The project has a ceiling, and no price is set for {order.offer.provider}'s "
                f"{order.model or next(iter(order.offer.models), 'model')}: the operator sets it in "
                "FRAMEWRIGHT_PRICES. Take the ceiling away, or choose another provider.",
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


async def _book(shop: Workshop, job: Job, order: Order, usage: Usage, entry: dict[str, Any]) -> None:
    await spending.book(job, order.name, entry, _record(shop, job, order, usage))


def _record(shop: Workshop, job: Job, order: Order, usage: Usage) -> UsageRecord:
    token = job.lease.token if job.lease else 0
    its_id: tuple[object, ...] = (job.id, order.name, usage.provider_id or token)
    if usage.provider_id and "ticket" in _entry(job, order):
        its_id = (usage.provider, usage.provider_id)  # whoever waits for the prediction pays it once
    return UsageRecord(
        id=derived_id("usage", *its_id),
        owner_id=job.owner_id,
        company_id=order.project.company_id if order.project else order.company_id,
        project_id=job.payer_id,
        node_id=job.node_id,
        job_id=job.id,
        kind=job.kind,
        provider=usage.provider,
        model=usage.model,
        whose_key=order.offer.whose_key,
        provider_id=usage.provider_id,
        cost_micros=usage.cost_micros,
        currency=usage.currency,
        is_priced=usage.is_priced,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        characters=usage.characters,
        images=usage.images,
        seconds=usage.seconds,
        duration_ms=usage.duration_ms,
        at=shop.now(),
    )
