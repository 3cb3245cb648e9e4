"""What costs machine time: generation, productions, renders, jobs, and the events that tell of them."""

from datetime import timedelta

from access.permissions import Permission
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.media.voice_preview import VoicePreview
from documents.projects.project import Project
from schema.ids import document_gid
from tests.strangers.example import NULL, Example, NodeExample
from tests.strangers.examples.film import (
    beside_film,
    change,
    film,
    frame,
    gid,
    make_project,
    of_project,
    second_scene,
)
from tests.strangers.world import World
from tests.studio import make_render

LONG_AGO = "canary:1"
"""A cursor of another history: whoever may follow is told at once that something was missed."""


async def furnish(world: World) -> None:
    busy = make_project(world)
    jobs = {
        "running": make_job(world, busy, JobKind.PRODUCTION, JobState.RUNNING),
        "paused": make_job(world, busy, JobKind.PRODUCTION, JobState.PAUSED),
        "failed": make_job(world, film(world), JobKind.MUSIC, JobState.FAILED),
        "queued": make_job(world, film(world), JobKind.MUSIC, JobState.QUEUED),
    }
    busy.production_id = jobs["running"].id
    await busy.insert()
    for name, job in jobs.items():
        world.documents[f"{name} job"] = await job.insert()
    now = world.studio.services.now()
    preview = VoicePreview(
        owner_id=world.owner.user_id,
        job_id=jobs["queued"].id,
        text="Canary words of a voice",
        language="en",
        inputs_hash="",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    world.documents["voice preview"] = await preview.insert()
    world.documents["render"] = await make_render(film(world), jobs["failed"])


def make_job(world: World, project: Project, kind: JobKind, state: JobState) -> Job:
    job = Job(
        kind=kind,
        queue=QUEUE_OF[kind],
        state=state,
        project_id=project.id,
        owner_id=world.owner.user_id,
        root_id=project.id,
        queued_at=world.studio.services.now(),
    )
    job.root_id = job.id
    return job


def job_gid(name: str) -> NodeExample:
    return NodeExample(lambda w: document_gid("Job", w.documents[f"{name} job"].id))


def frames(world: World) -> list[str]:
    return [frame(world)]


EXAMPLES = {
    "job": Example(lambda w: {"id": job_gid("queued").gid(w)}, unseen=NULL),
    "jobs": Example(lambda w: {"projectId": gid(w)}),
    "renders": Example(lambda w: {"projectId": gid(w)}),
    "eventCursor": Example(lambda w: {"projectId": gid(w)}),
    "productionEstimate": Example(lambda w: {"projectId": gid(w)}),
    "generationEstimate": Example(lambda w: {"projectId": gid(w), "kind": "IMAGE", "nodeIds": frames(w)}),
    "updateBudget": change(projectId=gid, ceilingMicros=lambda _: 5_000_000),
    "usage": Example(is_own=True),
    "projectUsage": Example(lambda w: {"projectId": gid(w)}),
    "companyUsage": Example(is_own=True, by="admin"),
    "usageSummary": Example(is_own=True),
    "projectUsageSummary": Example(lambda w: {"projectId": gid(w)}),
    "companyUsageSummary": Example(is_own=True, by="admin"),
    "providers": Example(lambda w: {"projectId": gid(w)}, needs=Permission.PROJECT_VIEW),
    "previewVoice": Example(
        lambda w: {"input": {"projectId": gid(w), "text": "Canary words"}}, needs=Permission.PROJECT_PRODUCE
    ),
    "voicePreview": Example(lambda w: {"id": document_gid("VoicePreview", w.documents["voice preview"].id)}),
    "voices": Example(lambda w: {"projectId": gid(w)}, needs=Permission.PROJECT_VIEW),
    "startProduction": change(projectId=gid),
    "generateScript": change(projectId=gid),
    "generateImages": change(projectId=gid, frameIds=frames),
    "generateVoiceovers": change(projectId=gid, frameIds=frames),
    "generateMusic": change(projectId=gid),
    "renderProject": beside_film(change(projectId=of_project("finished"))),
    "skipScene": change(sceneId=second_scene),
    "cancelJob": change(jobId=job_gid("queued").gid),
    "pauseJob": beside_film(change(jobId=job_gid("running").gid)),
    "resumeJob": beside_film(change(jobId=job_gid("paused").gid)),
    "retryJob": change(jobId=job_gid("failed").gid),
    "projectEvents": Example(lambda w: {"projectId": gid(w), "after": LONG_AGO}),
    "jobEvents": Example(lambda w: {"jobId": job_gid("queued").gid(w)}),
}

NODES = {
    "Job": job_gid("queued"),
    "Render": NodeExample(lambda w: document_gid("Render", w.documents["render"].id)),
}
