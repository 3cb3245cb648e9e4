"""Pictures out of stored clips: kept as seed frames, or only handed on."""

import asyncio
import hashlib
from dataclasses import dataclass

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.projects.project import Project
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.changes import TreeEditor
from documents.tree.media_edit import MediaEditor
from documents.tree.script import Clip, Scene, SeedFrame
from rendering.clip_picture import ClipPicture, take_picture
from rendering.errors import EncoderTimedOut, RenderingFailed
from rendering.picture import CLIP_DEMUXERS
from storage import keys
from tasks.job_engine.derived import derived_id
from tasks.job_engine.kill_points import KillPoint
from tasks.job_engine.work import Done, Hopeless, Report, Retryable
from tasks.making.made_media import job_folder
from tasks.workshop import Workshop


@dataclass(frozen=True, slots=True)
class _Taken:
    picture: ClipPicture
    data: bytes


async def last_picture(shop: Workshop, job: Job, clip: StoredFile) -> bytes:
    """The last picture of a stored clip, as PNG.

    Raises:
        Hopeless, Retryable: it cannot be had.
    """
    return (await _take(shop, job, clip, None)).data


async def extract_seed_frame(shop: Workshop, job: Job, report: Report) -> Done:
    """Take a picture out of a clip and keep it with the clip's scene."""
    project = await shop.project(job.in_project)
    scene, clip = _clip(project, job)
    at_s = job.payload.get("at_s")
    report(0, 1, stage="extracting")
    taken = await _take(shop, job, clip.file, at_s)
    seed_id = derived_id(job.id, "seed frame", clip.id)
    key = keys.scene_asset(str(project.id), str(scene.id), "seed-frames", str(seed_id), "png")
    await shop.objects.put_bytes(key, taken.data, "image/png")
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    seed = SeedFrame(
        id=seed_id,
        file=StoredFile(
            key=key,
            sha256=hashlib.sha256(taken.data).hexdigest(),
            size_bytes=len(taken.data),
            mime_type="image/png",
        ),
        width=taken.picture.width,
        height=taken.picture.height,
        clip_id=clip.id,
        frame_index=taken.picture.index,
        provenance=Provenance(
            origin=Origin.EXTRACTED,
            parent_id=clip.id,
            created_by=job.owner_id,
            job_id=job.id,
            created_at=shop.now(),
        ),
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = MediaEditor(TreeEditor(job.in_project, shop.caps, shop.now(), session))
        await editor.add_seed_frame(scene.id, seed, choose=bool(job.payload.get("choose", True)))

    return Done(result={"seed_frame_id": str(seed_id), "key": key}, attach=attach)


def _clip(project: Project, job: Job) -> tuple[Scene, Clip]:
    for scene in project.script.scenes:
        for clip in scene.clips:
            if str(clip.id) == job.payload["clip_id"]:
                return scene, clip
    raise NodeMissing("Clip")


async def _take(shop: Workshop, job: Job, clip: StoredFile, at_s: float | None) -> _Taken:
    extension = clip.key.rpartition(".")[2]
    async with job_folder(shop, job) as folder:
        path, out = folder / f"clip.{extension}", folder / "picture.png"
        await shop.objects.get_file(clip.key, path)
        try:
            picture = await take_picture(
                path, out, demuxer=CLIP_DEMUXERS[extension], ffmpeg=shop.engine.ffmpeg, at_s=at_s
            )
        except EncoderTimedOut as error:
            raise Retryable("ENCODER_TIMED_OUT", "FFmpeg did not end in time.") from error
        except RenderingFailed as error:
            raise Hopeless(
                "MEDIA_UNUSABLE", f"No picture can be taken out of this clip: {error}"[:1_000]
            ) from error
        return _Taken(picture, await asyncio.to_thread(out.read_bytes))
