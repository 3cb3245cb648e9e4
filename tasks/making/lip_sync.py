"""Moving the lips of a frame's picture, or of its scene's clip, to the frame's voice."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.media_inputs import lip_sync_inputs, lip_sync_picture
from documents.tree.script import LipSyncSource, MediaKind
from providers.protocols.clip import LipSyncRequest
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.job_engine.derived import derived_id
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.making.film import bought_clip
from tasks.making.image import place_in_script
from tasks.workshop import Workshop


async def sync_lips(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a lip-syncer for the moving picture, store it, and make it the frame's own."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    source = LipSyncSource(job.payload["source"])
    picture, recording = lip_sync_picture(scene, frame, source), frame.voiceover.recording
    if picture is None or recording is None:
        raise Hopeless("ASSETS_MISSING", "Lips need a picture and a voice: generate or choose them first.")
    inputs = lip_sync_inputs(project, scene, frame, source)
    report(0, 1, stage="moving lips")
    syncer = (await shop.registry(job, project)).lip_syncer(inputs.provider)
    request = LipSyncRequest(
        picture=await shop.objects.get_bytes(picture.key),
        picture_type=picture.mime_type,
        speech=await shop.objects.get_bytes(recording.file.key),
        speech_type=recording.file.mime_type,
        model=inputs.model,
    )
    order = Order(
        name="lip_sync",
        inputs=request,
        offer=syncer.offer,
        model=inputs.model,
        amounts={"seconds": recording.duration_s},
        project=project,
    )
    clip, usage = await bought_clip(
        shop,
        job,
        order,
        lambda tab: syncer.sync(request, tab),
        scene_id=scene.id,
        clip_id=derived_id(job.id, "lip-sync", inputs.hash),
        inputs_hash=inputs.hash,
    )
    is_of_picture = source is LipSyncSource.PICTURE
    clip.provenance.parent_id = frame.chosen_image_id if is_of_picture else scene.chosen_clip_id
    values: dict[str, Any] = {"lip_sync": clip.stored()}
    if job.payload.get("choose", True):
        values["media_kind"] = MediaKind.CLIP

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.frame(frame.id), values, kind=ChangeKind.ASSET_READY)

    return Done(
        result={"clip_id": str(clip.id), "key": clip.file.key, "duration_s": clip.duration_s},
        attach=attach,
        took=took(job, usage, units=recording.duration_s),
    )
