"""Making one candidate moving picture of a scene."""

from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryKind
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree.changes import TreeEditor
from documents.tree.inputs import things_of
from documents.tree.media_inputs import ClipInputs, clip_inputs, first_picture, shown_to_clips
from documents.tree.script import Clip, ClipStart, Scene
from providers.protocols.clip import ClipRequest
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.reuse import reused
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Hopeless, Report, Took
from tasks.making.clip_still import last_picture
from tasks.making.film import bought_clip
from tasks.making.library_assets import scene_film
from tasks.making.references import references_of
from tasks.workshop import Workshop


def scene_of(project: Project, job: Job) -> Scene:
    """The scene that a job is about.

    Raises:
        NodeMissing: it was removed.
    """
    for scene in project.script.scenes:
        if scene.id == job.node_id:
            return scene
    raise NodeMissing("Scene")


async def make_clip(shop: Workshop, job: Job, report: Report) -> Done:
    """Offer the scene a candidate: one made from the same inputs before, if that is wanted, or a new one."""
    project = await shop.project(job.in_project)
    scene = scene_of(project, job)
    start, wanted_s = ClipStart(job.payload["start"]), float(job.payload["duration_s"])
    cast = await cast_of(project)
    inputs = clip_inputs(project, scene, cast, start, wanted_s)
    report(0, 1, stage="filming")
    clip_id = derived_id(job.id, "clip", inputs.hash)
    key = partial(keys.scene_asset, str(project.id), str(scene.id), "clips")
    again, spent = None, None
    if "seed" not in job.payload:
        again = await reused(
            shop,
            job,
            project,
            LibraryKind.CLIP,
            inputs.hash,
            copy=lambda file: Copy(file, str(clip_id), key),
            without={each.file.sha256 for each in scene.clips},
        )
    if again is not None:
        entry = again.entry
        clip = Clip(
            id=clip_id,
            file=again.file,
            width=entry.width,
            height=entry.height,
            duration_s=entry.duration_s,
            has_sound=entry.has_sound,
            provenance=again.provenance,
        )
    else:
        clip, spent = await _filmed(shop, job, project, cast, inputs)
    clip.start, clip.wanted_s = start, wanted_s

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.add_clip(scene.id, clip, choose=bool(job.payload.get("choose", True)))
        if again is not None:
            await again.count(shop, session)
        else:
            await library.enter(job.in_project, scene_film(scene.id, clip), session=session)

    return Done(
        result={"clip_id": str(clip.id), "key": clip.file.key, "duration_s": clip.duration_s},
        attach=attach,
        took=spent,
    )


async def _filmed(
    shop: Workshop, job: Job, project: Project, cast: Cast, inputs: ClipInputs
) -> tuple[Clip, Took]:
    """Ask a clip maker for a moving picture and store it."""
    scene, start, wanted_s = scene_of(project, job), ClipStart(inputs.start), inputs.duration_s
    maker = (await shop.registry(job, project)).clip_maker(inputs.provider)
    shown = shown_to_clips(scene, cast, start) if maker.offer.takes_references else ()
    has_things = maker.offer.takes_references and start is ClipStart.TEXT
    things = things_of(project, scene) if has_things else ()
    picture, picture_type = await _first_picture(shop, job, project, scene, start)
    request = ClipRequest(
        prompt=inputs.prompt,
        negative_prompt=inputs.negative_prompt,
        duration_s=wanted_s,
        width=inputs.width,
        height=inputs.height,
        seed=seed_of(job, inputs.hash),
        first_image=picture,
        first_image_type=picture_type,
        references=await references_of(shop.objects, shown, things),
        model=inputs.model,
    )
    order = Order(
        name="clip",
        inputs=request,
        offer=maker.offer,
        model=inputs.model,
        amounts={"seconds": wanted_s},
        project=project,
    )
    clip, usage = await bought_clip(
        shop,
        job,
        order,
        lambda tab: maker.animate(request, tab),
        scene_id=scene.id,
        clip_id=derived_id(job.id, "clip", inputs.hash),
        inputs_hash=inputs.hash,
    )
    clip.provenance.prompt = inputs.prompt
    clip.provenance.negative_prompt = inputs.negative_prompt or None
    return clip, took(job, usage, units=wanted_s)


async def _first_picture(
    shop: Workshop, job: Job, project: Project, scene: Scene, start: ClipStart
) -> tuple[bytes | None, str]:
    """The picture that the clip begins with, and its type."""
    if start is ClipStart.TEXT:
        return None, "image/png"
    found = first_picture(project, scene, start)
    if found is None:
        raise Hopeless(
            "ASSETS_MISSING",
            "There is no picture for the clip to begin with: choose one for the scene's first frame,"
            " or extract and choose a seed frame.",
        )
    if found.is_last_of_clip:
        return await last_picture(shop, job, found.file), "image/png"
    return await shop.objects.get_bytes(found.file.key), found.file.mime_type
