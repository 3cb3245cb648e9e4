"""Calling off work at a provider that nobody waits for any more."""

from beanie import PydanticObjectId

from documents.jobs.job import Job
from documents.projects.project import Project
from providers.protocols.prediction import Ticket
from tasks.job_engine.work import Done, Report
from tasks.workshop import Workshop, ask


async def call_off(shop: Workshop, job: Job, report: Report) -> Done:
    """Stop a prediction whose job was canceled or has failed; one that is over is left alone."""
    report(0, 1, stage="calling off")
    ticket = Ticket(**job.payload["ticket"])
    project_id: PydanticObjectId | None = job.payload.get("project_id")
    project = None if project_id is None else await Project.get(project_id)
    company_id = None if project is None else project.company_id
    await ask(shop.providers.call_off(ticket, job.owner_id, company_id))
    return Done(result={"prediction": ticket.id})
