"""Drawing one candidate picture of a frame."""

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.cast import cast_of
from documents.errors import NodeMissing
from documents.inputs import image_inputs
from documents.job import Job
from documents.picture_prompt import assembled
from documents.project import Project
from documents.script import Frame, Image, Scene
from documents.tree import TreeEditor
from providers.protocols.picture import ImageRequest, MadeImage
from storage import keys
from tasks.derived import derived_id, derived_seed
from tasks.file_types import EXTENSIONS
from tasks.provenance import provenance_of, took
from tasks.purchases import Order, buy_file
from tasks.references import references_of
from tasks.work import Done, Report
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
    """Ask an image maker for a picture, store it, and offer it as the frame's candidate."""
    project = await shop.project(job.in_project)
    number, scene, index, frame = place_in_script(project, job)
    cast = await cast_of(project)
    inputs = image_inputs(project, scene, frame, cast)
    asked = assembled(inputs)
    report(0, 1, stage="drawing")
    seed: int | None = job.payload.get("seed")
    maker = (await shop.registry(job, project)).image_maker(inputs.provider)
    takes_references = maker.offer.takes_references
    request = ImageRequest(
        prompt=inputs.prompt,
        negative_prompt=inputs.negative_prompt,
        style=inputs.look,
        width=inputs.width,
        height=inputs.height,
        seed=derived_seed(inputs.hash, job.ordinal) if seed is None else seed,
        ordinal=0,
        scene_prompt=inputs.scene_prompt,
        scene_ordinal=number,
        frame_ordinal=index,
        full_prompt=asked.prompt,
        palette=tuple(inputs.palette),
        references=await references_of(shop.objects, cast.of(scene)) if takes_references else (),
        model=inputs.model,
    )
    image_id = derived_id(job.id, "image", inputs.hash)

    def key(made: MadeImage) -> str:
        extension = EXTENSIONS[made.mime_type]
        return keys.scene_asset(str(project.id), str(scene.id), "images", str(image_id), extension)

    order = Order(name="image", offer=maker.offer, model=inputs.model, amounts={"images": 1}, project=project)
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

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.add_image(frame.id, image, choose=bool(job.payload.get("choose", True)))

    return Done(
        result={"image_id": str(image_id), "key": bought.file.key},
        attach=attach,
        took=took(job, made.usage, units=made.width * made.height / 1e6),
    )
