"""Moving the lips of a frame's picture, or of its scene's clip, to the frame's voice."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.media_inputs import lip_sync_inputs, lip_sync_picture
from documents.tree.script import Clip, LipSyncSource, MediaKind
from providers.protocols.clip import LipSyncRequest, MadeClip
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import Order, buy_file
from tasks.job_engine.derived import derived_id
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.making.clip import clip_key, whole
from tasks.making.file_types import EXTENSIONS
from tasks.making.image import place_in_script
from tasks.making.made_media import look_into
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
    asset_id = derived_id(job.id, "lip-sync", inputs.hash)
    order = Order(
        name="lip_sync",
        offer=syncer.offer,
        model=inputs.model,
        amounts={"seconds": recording.duration_s},
        project=project,
    )
    request = LipSyncRequest(
        picture=await whole(shop, picture),
        picture_type=picture.mime_type,
        speech=await whole(shop, recording.file),
        speech_type=recording.file.mime_type,
        model=inputs.model,
    )
    bought = await buy_file(
        shop,
        job,
        order,
        MadeClip,
        key=lambda made: clip_key(project, scene, str(asset_id), EXTENSIONS[made.mime_type]),
        call=lambda tab: syncer.sync(request, tab),
    )
    thumbnail_id = str(derived_id(asset_id, "thumbnail"))
    found = await look_into(
        shop, job, bought, thumbnail_key=lambda extension: clip_key(project, scene, thumbnail_id, extension)
    )
    moved = frame.chosen_image_id if source is LipSyncSource.PICTURE else scene.chosen_clip_id
    provenance = provenance_of(job, bought.made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.parent_id = moved
    provenance.seed = bought.made.seed
    clip = Clip(
        id=asset_id,
        file=found.file,
        width=found.width,
        height=found.height,
        duration_s=found.duration_s,
        provenance=provenance,
    )
    values: dict[str, Any] = {"lip_sync": clip.stored()}
    if job.payload.get("choose", True):
        values["media_kind"] = MediaKind.CLIP

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.frame(frame.id), values, kind=ChangeKind.ASSET_READY)

    return Done(
        result={"clip_id": str(asset_id), "key": found.file.key, "duration_s": found.duration_s},
        attach=attach,
        took=took(job, bought.made.usage, units=recording.duration_s),
    )
