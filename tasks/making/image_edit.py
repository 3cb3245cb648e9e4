"""Changing a candidate picture into another one, as somebody says in words."""

from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.media import library
from documents.tree.changes import TreeEditor
from documents.tree.media_inputs import edit_inputs
from documents.tree.script import EditedFrom, Image
from providers.protocols.picture import ImageEditRequest, MadeImage
from storage import keys
from storage.errors import ObjectMissing
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.making.image import place_in_script
from tasks.making.library_assets import frame_picture
from tasks.workshop import Workshop


async def edit_image(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask an image editor for the changed picture, store it, and offer it as the frame's candidate.

    It is out of date when the picture that it was made from is: what was said to change it does not change.
    """
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    source = next((image for image in frame.images if str(image.id) == job.payload["image_id"]), None)
    if source is None:
        raise NodeMissing("Image")
    instruction = str(job.payload["instruction"])
    report(0, 1, stage="editing")
    mask = job.payload.get("mask")
    inputs = edit_inputs(project, source, instruction, mask and mask["sha256"])
    editor = (await shop.registry(job, project)).image_editor(inputs.provider)
    # Named, so that what it costs is known before it is bought.
    model = inputs.model if mask is None else editor.model_for_mask(inputs.model) or inputs.model
    request = ImageEditRequest(
        picture=await shop.objects.get_bytes(source.file.key),
        mime_type=source.file.mime_type,
        instruction=instruction,
        width=inputs.width,
        height=inputs.height,
        mask=None if mask is None else await _mask(shop, mask["key"]),
        seed=seed_of(job, inputs.hash),
        model=model,
    )
    image_id = derived_id(job.id, "edit", inputs.hash)
    order = Order(
        name="edit",
        inputs=request,
        offer=editor.offer,
        model=request.model,
        amounts={"images": 1},
        project=project,
    )
    bought = await buy_file(
        shop,
        job,
        order,
        MadeImage,
        key=partial(keys.scene_asset, str(project.id), str(scene.id), "images", str(image_id)),
        call=lambda tab: editor.edit(request, tab),
    )
    made = bought.made
    provenance = provenance_of(job, made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = instruction
    provenance.seed = made.seed
    provenance.parent_id = source.id
    image = Image(
        id=image_id,
        file=bought.file,
        width=made.width,
        height=made.height,
        provenance=provenance,
        edited_from=EditedFrom(image_id=source.id, inputs_hash=source.drawn_from),
    )

    async def attach(session: AsyncClientSession) -> None:
        tree = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await tree.add_image(frame.id, image, choose=bool(job.payload.get("choose", True)))
        await library.enter(job.in_project, frame_picture(frame.id, image), session=session)

    return Done(
        result={"image_id": str(image_id), "key": bought.file.key},
        attach=attach,
        took=took(job, made.usage, units=1),
    )


async def _mask(shop: Workshop, key: str) -> bytes:
    try:
        return await shop.objects.get_bytes(key)
    except ObjectMissing as gone:
        raise Hopeless(
            "ASSETS_MISSING", "The mask is gone: send it again, and order the edit anew."
        ) from gone
