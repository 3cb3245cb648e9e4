"""Rendering a project: freeze and plan its timeline, let children encode the segments, join them."""

import asyncio
import hashlib
import shutil
import time
from pathlib import Path
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.cached_segment import CachedSegment
from documents.jobs.job import QUEUE_OF, Estimate, Job, JobKind
from documents.jobs.render import Render
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.asset import StoredFile
from documents.tree.edit import Change, change
from rendering.errors import RenderingFailed
from rendering.inspect import Inspection
from rendering.join import Finished
from rendering.plan import RenderPlan, Segment
from rendering.timeline import Profile, Timeline
from storage import keys
from tasks.job_engine.derived import derived_id
from tasks.job_engine.failed_steps import refuse_failed
from tasks.job_engine.kill_points import KillPoint
from tasks.job_engine.work import Done, HandOver, Report, Retryable, Took
from tasks.rendering.plans import PlanShelf
from tasks.rendering.segment import as_job_error, segment_key
from tasks.rendering.source_shelf import SourceShelf
from tasks.rendering.timeline import snapshot
from tasks.workshop import Workshop

_ENCODING_SHARE = 0.93
_PARTS: dict[str, tuple[keys.RenderPart, str, str]] = {
    "video": ("video", "mp4", "video/mp4"),
    "poster": ("poster", "jpg", "image/jpeg"),
    "captions_vtt": ("captions", "vtt", "text/vtt"),
    "captions_srt": ("captions", "srt", "application/x-subrip"),
}


class RenderWork:
    """The handler of render jobs: called once to plan, and once more when the segments are there."""

    def __init__(self, shop: Workshop, sources: SourceShelf, plans: PlanShelf) -> None:
        self._shop = shop
        self._sources = sources
        self._plans = plans

    async def __call__(self, job: Job, report: Report) -> Done | HandOver:
        """Freeze and plan the timeline if that is not done yet; encode what is missing; else join."""
        checkpoint = job.checkpoint or await self._freeze(job)
        timeline = Timeline.model_validate_json(checkpoint["timeline"])
        plan = await self._plans.plan(
            self._shop, checkpoint["timeline_hash"], timeline, checkpoint["sources"]
        )
        missing = await self._missing(job, plan)
        if missing and job.checkpoint:
            ids = [derived_id(job.id, segment.key) for segment in missing]
            refuse_failed(await Job.find({"_id": {"$in": ids}}).to_list())
        if missing or not job.checkpoint:
            children = [self._child(job, plan, segment) for segment in missing]
            return HandOver(children, stage="encoding", checkpoint=checkpoint)
        return await self._join(job, plan, checkpoint, report)

    async def _freeze(self, job: Job) -> dict[str, Any]:
        project = await self._shop.project(job.in_project)
        taken = snapshot(project, Profile(str(job.payload.get("profile", "standard")).lower()))
        return {
            "timeline": taken.timeline.model_dump_json(),
            "timeline_hash": taken.hash,
            "sources": taken.keys,
            "project_revision": project.revision,
            "progress_span": (0.0, _ENCODING_SHARE),
        }

    async def _missing(self, job: Job, plan: RenderPlan) -> list[Segment]:
        """Segments that are not stored yet, the longest first; each once, however often it is shown."""
        by_key = {segment.key: segment for segment in plan.segments}
        await CachedSegment.note_use([segment_key(job, key) for key in by_key], self._shop.now())
        stored = await asyncio.gather(*(self._shop.objects.exists(segment_key(job, key)) for key in by_key))
        missing = [
            segment for segment, is_stored in zip(by_key.values(), stored, strict=True) if not is_stored
        ]
        return sorted(missing, key=lambda segment: -segment.video_frames)

    def _child(self, job: Job, plan: RenderPlan, segment: Segment) -> Job:
        size = plan.timeline.format
        return Job(
            id=derived_id(job.id, segment.key),
            kind=JobKind.SEGMENT,
            queue=QUEUE_OF[JobKind.SEGMENT],
            project_id=job.in_project,
            owner_id=job.owner_id,
            parent_id=job.id,
            root_id=job.root_id,
            priority=job.priority,
            max_attempts=job.max_attempts,
            units_total=segment.video_frames,
            estimate=Estimate(duration_s=segment.video_frames * size.width * size.height / 1e6),
            payload={"segment": segment.key},
            queued_at=self._shop.now(),
        )

    async def _join(self, job: Job, plan: RenderPlan, checkpoint: dict[str, Any], report: Report) -> Done:
        shop = self._shop
        token = job.lease.token if job.lease else 0
        folder = shop.scratch / "renders" / f"{job.id}-{token}"
        total = plan.total_video_frames
        segments = {segment.key: segment_key(job, segment.key) for segment in plan.segments}
        try:
            files = await self._sources.fetch(segments, segments)
            sounds = await self._sources.fetch(checkpoint["sources"], plan.audio_sources)
            folder.mkdir(parents=True, exist_ok=True)
            begun = time.monotonic()
            finished = await shop.engine.join(
                plan,
                files,
                sounds,
                folder,
                on_progress=lambda done: report(done, 2 * total, stage="joining"),
            )
            report(total, 2 * total, stage="checking")
            inspection = await shop.engine.inspect(plan, finished)
            inspection.refuse_defects()
            seconds = time.monotonic() - begun
            shop.kill_points.reach(KillPoint.AFTER_JOIN)
            render = await self._store(job, plan, checkpoint, finished, inspection)
        except RenderingFailed as error:
            raise as_job_error(error) from error
        except OSError as error:
            raise Retryable("WORKER_DISK", f"A file could not be written: {error.strerror}.") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)

        async def attach(session: AsyncClientSession) -> None:
            await Render.get_pymongo_collection().insert_one(
                render.model_dump(by_alias=True), session=session
            )
            if await newer_render(render, session):
                return
            await change(
                job.in_project,
                places.project(),
                Change(values={"latest_render_id": render.id}),
                now=shop.now(),
                kind=ChangeKind.ASSET_READY,
                session=session,
            )

        return Done(
            result={"render_id": str(render.id), "sha256": render.video.sha256},
            attach=attach,
            took=Took("RENDER:join", total, seconds),
        )

    async def _store(
        self,
        job: Job,
        plan: RenderPlan,
        checkpoint: dict[str, Any],
        finished: Finished,
        inspection: Inspection,
    ) -> Render:
        render_id = derived_id(job.id, "render", checkpoint["timeline_hash"])
        paths = {
            "video": finished.video,
            "poster": finished.poster,
            "captions_vtt": finished.vtt,
            "captions_srt": finished.srt,
        }
        files = {
            part: await self._store_file(
                paths[part], keys.render_file(str(job.in_project), str(render_id), name, extension), mime_type
            )
            for part, (name, extension, mime_type) in _PARTS.items()
        }
        size = plan.timeline.format
        return Render(
            id=render_id,
            project_id=job.in_project,
            job_id=job.id,
            owner_id=job.owner_id,
            project_revision=checkpoint["project_revision"],
            timeline_hash=checkpoint["timeline_hash"],
            width=size.width,
            height=size.height,
            fps=size.fps,
            duration_s=finished.duration_s,
            video_frames=finished.video_frames,
            loudness_lufs=inspection.loudness.integrated_lufs,
            true_peak_dbtp=inspection.loudness.true_peak_dbtp,
            created_at=self._shop.now(),
            **files,
        )

    async def _store_file(self, path: Path, key: str, mime_type: str) -> StoredFile:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size_bytes = file.tell()
        await self._shop.objects.put_file(key, path, mime_type)
        return StoredFile(key=key, sha256=sha256, size_bytes=size_bytes, mime_type=mime_type)


async def newer_render(render: Render, session: AsyncClientSession) -> bool:
    """Whether a later state of the project was rendered already: a slow older one does not replace it."""
    newer = {"project_id": render.project_id, "project_revision": {"$gt": render.project_revision}}
    return await Render.get_pymongo_collection().find_one(newer, {"_id": 1}, session=session) is not None
