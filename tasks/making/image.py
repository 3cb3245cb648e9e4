"""Drawing one candidate picture of a frame."""

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
from documents.tree.inputs import ImageInputs, image_inputs, things_of
from documents.tree.picture_prompt import assembled
from documents.tree.script import Frame, Image, Scene
from providers.protocols.picture import ImageRequest, MadeImage
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.buying.reuse import reused
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Report, Took
from tasks.making.library_assets import frame_picture
from tasks.making.references import references_of
from tasks.workshop import Workshop

_NEGATIVE_LENGTH = 5_000


def place_in_script(project: Project, job: Job) -> tuple[int, Scene, int, Frame]:
    """The frame that a job is about, with its scene and the positions of both, counted from 0.

    Raises:
        NodeMissing: it was removed.
    """
    for number, scene in enumerate(project.script.scenes):
        for index, frame in enumerate(scene.frames):
            if frame.id == job.node_id:
                return number, scene, index, frame
    raise NodeMissing("Frame")


async def draw_image(shop: Workshop, job: Job, report: Report) -> Done:
    """Offer the frame a candidate: one drawn from the same inputs before, if that is wanted, or a new one."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    cast = await cast_of(project)
    inputs = image_inputs(project, scene, frame, cast)
    report(0, 1, stage="drawing")
    image_id = derived_id(job.id, "image", inputs.hash)
    key = partial(keys.scene_asset, str(project.id), str(scene.id), "images")
    again = None
    if "seed" not in job.payload:
        again = await reused(
            shop,
            job,
            project,
            LibraryKind.IMAGE,
            inputs.hash,
            copy=lambda file: Copy(file, str(image_id), key),
            without={each.file.sha256 for each in frame.images},
        )
    if again is not None:
        entry, spent = again.entry, None
        image = Image(
            id=image_id,
            file=again.file,
            width=entry.width,
            height=entry.height,
            provenance=again.provenance,
        )
    else:
        image, spent = await _drawn(shop, job, project, cast, inputs)

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.add_image(frame.id, image, choose=bool(job.payload.get("choose", True)))
        if again is not None:
            await again.count(shop, session)
        else:
            await library.enter(job.in_project, frame_picture(frame.id, image), session=session)

    return Done(result={"image_id": str(image_id), "key": image.file.key}, attach=attach, took=spent)


async def _drawn(
    shop: Workshop, job: Job, project: Project, cast: Cast, inputs: ImageInputs
) -> tuple[Image, Took]:
    """Ask an image maker for a picture and store it."""
    number, scene, index, _ = place_in_script(project, job)
    asked = assembled(inputs)
    maker = (await shop.registry(job, project)).image_maker(inputs.provider)
    takes_references = maker.offer.takes_references
    request = ImageRequest(
        prompt=inputs.prompt,
        negative_prompt=inputs.negative_prompt,
        style=inputs.look,
        width=inputs.width,
        height=inputs.height,
        seed=seed_of(job, inputs.hash),
        ordinal=0,
        scene_prompt=inputs.scene_prompt,
        scene_ordinal=number,
        frame_ordinal=index,
        full_prompt=asked.prompt,
        palette=tuple(inputs.palette),
        references=await references_of(shop.objects, cast.of(scene), things_of(project, scene))
        if takes_references
        else (),
        model=inputs.model,
    )
    image_id = derived_id(job.id, "image", inputs.hash)
    key = partial(keys.scene_asset, str(project.id), str(scene.id), "images", str(image_id))
    order = Order(
        name="image",
        inputs=request,
        offer=maker.offer,
        model=inputs.model,
        amounts={"images": 1},
        project=project,
    )
    bought = await buy_file(shop, job, order, MadeImage, key=key, call=lambda tab: maker.make(request, tab))
    made = bought.made
    provenance = provenance_of(job, made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = asked.prompt
    provenance.negative_prompt = asked.negative_prompt[:_NEGATIVE_LENGTH] or None
    provenance.seed = made.seed
    image = Image(
        id=image_id,
        file=bought.file,
        width=made.width,
        height=made.height,
        provenance=provenance,
    )
    return image, took(job, made.usage, units=made.width * made.height / 1e6)
