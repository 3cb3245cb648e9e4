"""Calling off work at a provider that nobody waits for any more."""

from dataclasses import asdict

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job, JobKind
from documents.jobs.usage_record import UsageRecord
from documents.projects import spending
from documents.projects.project import Project
from providers.protocols.prediction import Ticket
from providers.service import Whose
from tasks.buying.purchases import id_of_prediction
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop, ask


async def call_off(shop: Workshop, job: Job, report: Report) -> Done:
    """Stop a prediction that its job does not wait for any more, and count what it took for that job.

    One that is over is left alone, and paid.
    """
    report(0, 1, stage="calling off")
    ordered, ticket = job.payload, Ticket(**job.payload["ticket"])
    project_id: PydanticObjectId | None = ordered["project_id"]
    project = None if project_id is None else await Project.get(project_id)
    paid_with = ordered.get("paid_with", {})
    company_id = paid_with.get("company_id", None if project is None else project.company_id)
    whose_key = Whose(paid_with["whose_key"]) if "whose_key" in paid_with else None
    result = {"prediction": ticket.id}
    taken = await ask(shop.providers.call_off(ticket, job.owner_id, company_id, whose=whose_key))
    if taken is None:
        return Done(result=result)
    usage, whose = taken
    if not (usage.cost_micros or usage.images or usage.seconds):
        return Done(result=result)
    record = UsageRecord(
        id=id_of_prediction(usage),
        owner_id=job.owner_id,
        company_id=company_id,
        project_id=project_id,
        node_id=ordered["node_id"],
        job_id=ordered["job_id"],
        kind=JobKind(ordered["kind"]),
        whose_key=whose.value,
        at=shop.now(),
        **asdict(usage),
    )

    async def attach(session: AsyncClientSession) -> None:
        await spending.count(record, ordered["root_id"], session)

    return Done(result=result | {"cost_micros": usage.cost_micros}, attach=attach)
