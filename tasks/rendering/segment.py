"""Encoding one segment of a render, on any worker of any machine."""

import hashlib
import time
from pathlib import Path

from documents.jobs.job import Job
from rendering.errors import EncoderFailed, EncoderTimedOut, FontNotFound, RenderingFailed
from rendering.timeline import Timeline
from storage import keys
from tasks.job_engine.kill_points import KillPoint
from tasks.job_engine.work import Done, Hopeless, Report, Retryable, Took
from tasks.rendering.plans import PlanShelf
from tasks.rendering.source_shelf import SourceShelf
from tasks.workshop import Workshop


def segment_key(job: Job, segment: str) -> str:
    """Where a segment is kept; the cache never crosses an owner."""
    return keys.segment("users", str(job.owner_id), segment)


def as_job_error(error: RenderingFailed) -> Hopeless | Retryable:
    """What a failed rendering means to the job engine."""
    if isinstance(error, EncoderTimedOut):
        return Retryable("ENCODER_TIMED_OUT", "FFmpeg did not end in time. The machine may be overloaded.")
    if isinstance(error, EncoderFailed):
        return Retryable("ENCODER_FAILED", str(error)[:1_000])
    if isinstance(error, FontNotFound):
        return Hopeless("MISSING_GLYPHS", str(error))
    return Hopeless("RENDER_FAILED", str(error)[:1_000])


class SegmentWork:
    """The handler of segment jobs."""

    def __init__(self, shop: Workshop, sources: SourceShelf, plans: PlanShelf) -> None:
        self._shop = shop
        self._sources = sources
        self._plans = plans

    async def __call__(self, job: Job, report: Report) -> Done:
        """Encode the segment that the payload names and store it; one that is stored already is done."""
        shop, wanted = self._shop, str(job.payload["segment"])
        key = segment_key(job, wanted)
        if await shop.objects.exists(key):
            return Done(result={"key": key})
        render = await Job.get(job.parent_id) if job.parent_id else None
        if render is None:
            raise Hopeless("RENDER_FAILED", "The render that this segment belongs to is gone.")
        timeline = Timeline.model_validate_json(render.checkpoint["timeline"])
        plan = await self._plans.plan(
            shop, render.checkpoint["timeline_hash"], timeline, render.checkpoint["sources"]
        )
        segment = next((each for each in plan.segments if each.key == wanted), None)
        if segment is None:
            raise Hopeless(
                "WORKERS_DIFFER",
                "This worker plans other segments than the one that began the render:"
                " give all workers the same version, FFmpeg and fonts.",
            )
        sources = await self._sources.fetch(render.checkpoint["sources"], segment.sources)
        begun = time.monotonic()
        out = self._scratch_file(job)
        total = segment.video_frames

        def on_progress(done: int) -> None:
            report(done, total, stage="encoding")
            if 0 < done < total:
                shop.kill_points.reach(KillPoint.MID_SEGMENT)

        try:
            await shop.engine.encode(segment, sources, out, on_progress)
            seconds = time.monotonic() - begun
            await shop.objects.put_file(key, out, "video/mp4")
        except RenderingFailed as error:
            raise as_job_error(error) from error
        finally:
            out.unlink(missing_ok=True)
        shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
        size = timeline.format
        work = total * size.width * size.height / 1e6
        took = Took(f"SEGMENT:{timeline.profile.value}", work, seconds)
        return Done(result={"key": key}, took=took)

    def _scratch_file(self, job: Job) -> Path:
        token = job.lease.token if job.lease else 0
        name = hashlib.sha256(f"{job.id}-{token}".encode()).hexdigest()
        folder = self._shop.scratch / "segments"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.mp4"
