"""Buying from providers: money set aside first, each thing bought once, booked as soon as it is there.

What a job has bought stands in its checkpoint under `purchases`, named after what it was made from: when the
buying began (`opened_at`), the provider's ticket for long work, and at the end the answer, its bytes under
their key. A worker that takes over, or a person's retry, finds it and buys nothing again. A provider that
answers at once and whose worker dies between the answer and its booking is asked again: such services know no
idempotency.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Generic, Protocol, TypeVar, cast

from beanie import PydanticObjectId
from pydantic import TypeAdapter

from documents.jobs import calling_off
from documents.jobs.job import Job
from documents.jobs.job_end import LeaseLost
from documents.jobs.usage_record import UsageRecord
from documents.projects import spending
from documents.tree.asset import StoredFile
from providers.errors import ProviderError
from providers.protocols.offer import Usage
from providers.protocols.prediction import Tab, Unwritten
from providers.service import Whose
from tasks.buying.file_types import EXTENSIONS
from tasks.buying.job_tab import JobTab, purchases
from tasks.buying.order import Order
from tasks.buying.setting_aside import set_aside
from tasks.job_engine.derived import derived_id
from tasks.job_engine.kill_points import KillPoint
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
    """A file that is stored.

    Args:
        made: what came. `data` is empty where an earlier try has bought it.
        file: where it lies.
        order: what was ordered; None for a file that nobody bought.
    """

    made: FileT
    file: StoredFile
    order: Order | None = None


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
        Retryable, Hopeless: as for `ask` and `set_aside`.
    """
    if order.offer.is_free:
        return await ask(call(Unwritten()))
    adapter = TypeAdapter(kind)
    tab = await _tab(shop, job, order)
    if (known := tab.entry.get("answer")) is not None:
        return adapter.validate_python(known)
    await set_aside(shop, job, order)
    answer = await _asked(shop, job, order, tab, call)
    shop.kill_points.reach(KillPoint.AFTER_ANSWER)
    entry = {"answer": adapter.dump_python(answer, mode="json")}
    await spending.book(job, tab.name, entry, _record(shop, job, order, tab, answer.usage))
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
        Retryable, Hopeless: as for `buy`; Hopeless `MEDIA_UNUSABLE` if nobody knows the file's type.
    """
    if order.offer.is_free:
        made = await ask(call(Unwritten()))
        return Bought(made, await _stored(shop, key, made), order)
    adapter = TypeAdapter(kind)
    tab = await _tab(shop, job, order)
    if (known := tab.entry.get("answer")) is not None:
        file = StoredFile.model_validate(tab.entry["file"])
        if await shop.objects.exists(file.key):  # it may have been removed before somebody retried the job
            return Bought(adapter.validate_python(known), file, order)
    await set_aside(shop, job, order)
    made = await _asked(shop, job, order, tab, call)
    shop.kill_points.reach(KillPoint.AFTER_ANSWER)
    record = _record(shop, job, order, tab, made.usage)
    if made.mime_type not in EXTENSIONS:
        await spending.book(job, tab.name, None, record)
        raise Hopeless("MEDIA_UNUSABLE", f"The provider sent {made.mime_type}, which cannot be used.")
    file = await _stored(shop, key, made)
    light = replace(cast("Any", made), data=b"")
    entry = {"answer": adapter.dump_python(light, mode="json"), "file": file.stored()}
    await spending.book(job, tab.name, entry, record)
    return Bought(made, file, order)


def is_bought(job: Job, order: Order) -> bool:
    """Whether an earlier try has the answer already."""
    return "answer" in purchases(job).get(order.entry(), {})


async def spoiled(shop: Workshop, job: Job, order: Order, code: str, message: str) -> Hopeless:
    """The error of an answer that came and is of no use; it is forgotten, so that a retry buys another one.

    Raises:
        LeaseLost: somebody else has the job.
    """
    if not order.offer.is_free:
        await JobTab(job, await asyncio.to_thread(order.entry), shop.now).discard()
    return Hopeless(code, message)


async def _tab(shop: Workshop, job: Job, order: Order) -> JobTab:
    """The order's place in the checkpoint.

    What was ordered from other inputs is called off, and so is what another key has bought: no other one can
    ask for it.

    Who makes long work may choose another model than the first one, for reference pictures or a face that
    does not move: then that one's price is set aside before anything is bought.

    Raises:
        LeaseLost: somebody else has the job.
    """
    name = await asyncio.to_thread(order.entry)
    paid_with = {"whose_key": order.offer.whose_key, "company_id": _company_id(order)}
    known = purchases(job)
    left = [
        each
        for each in calling_off.waited_for(known)
        if order.is_of_this_name(each)
        and (each != name or _is_of_other_key(known[each].get("paid_with", {}), paid_with))
    ]
    if left and not await calling_off.leave(job, left, shop.now()):
        raise LeaseLost

    async def afford(model: str) -> None:
        if model != order.asked_model:
            await set_aside(shop, job, replace(order, model=model))

    return JobTab(job, name, shop.now, shop.kill_points, afford=afford, paid_with=paid_with)


def _is_of_other_key(noted: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a purchase was made with another key, as far as that was noted."""
    if not noted:
        return False
    is_of_company = noted["whose_key"] == Whose.COMPANY
    names = ("whose_key", "company_id") if is_of_company else ("whose_key",)
    return any(noted[name] != now[name] for name in names)


async def _asked(
    shop: Workshop, job: Job, order: Order, tab: JobTab, call: Callable[[Tab], Awaitable[AnswerT]]
) -> AnswerT:
    """Ask, and count what was charged for nothing as well."""

    async def counted() -> AnswerT:
        try:
            return await call(tab)
        except ProviderError as error:
            if error.usage is not None:
                record = _record(shop, job, order, tab, error.usage)
                await spending.book(job, tab.name, None, record)
            raise

    return await ask(counted())


async def _stored(shop: Workshop, key_by: Callable[[str], str], made: FileAnswer) -> StoredFile:
    key = key_by(EXTENSIONS[made.mime_type])
    await shop.objects.put_bytes(key, made.data, made.mime_type)
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    return StoredFile(
        key=key,
        sha256=(await asyncio.to_thread(hashlib.sha256, made.data)).hexdigest(),
        size_bytes=len(made.data),
        mime_type=made.mime_type,
    )


def _record(shop: Workshop, job: Job, order: Order, tab: JobTab, usage: Usage) -> UsageRecord:
    if usage.provider_id and tab.ticket is not None:
        record_id = id_of_prediction(usage)
    else:
        token = job.lease.token if job.lease else 0
        record_id = derived_id("usage", job.id, tab.name, usage.provider_id or token)
    return UsageRecord(
        id=record_id,
        owner_id=job.owner_id,
        company_id=_company_id(order),
        project_id=job.payer_id,
        node_id=job.node_id,
        node_kind=job.node_kind,
        job_id=job.id,
        kind=job.kind,
        whose_key=order.offer.whose_key,
        at=shop.now(),
        **asdict(usage),
    )


def _company_id(order: Order) -> PydanticObjectId | None:
    return order.project.company_id if order.project else order.company_id


def id_of_prediction(usage: Usage) -> PydanticObjectId:
    """Id of a prediction's record: whoever waits for it, or calls it off, it is paid once."""
    return derived_id("usage", usage.provider, usage.provider_id)
