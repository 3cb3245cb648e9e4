"""Drawing one candidate picture of a frame."""

import hashlib

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.asset import StoredFile
from documents.errors import NodeMissing
from documents.inputs import image_inputs
from documents.job import Job
from documents.project import Project
from documents.script import Frame, Image, Scene
from documents.tree import TreeEditor
from providers.protocols import ImageRequest
from storage import keys
from tasks.derived import derived_id, derived_seed
from tasks.kill_points import KillPoint
from tasks.provenance import provenance_of, took
from tasks.work import Done, Report
from tasks.workshop import Workshop, ask

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


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
    inputs = image_inputs(project, scene, frame)
    report(0, 1, stage="drawing")
    request = ImageRequest(
        prompt=inputs.prompt,
        negative_prompt=inputs.negative_prompt,
        style=inputs.look,
        width=inputs.width,
        height=inputs.height,
        seed=derived_seed(inputs.hash),
        ordinal=job.ordinal,
        scene_prompt=inputs.scene_prompt,
        scene_ordinal=number,
        frame_ordinal=index,
    )
    made = await ask(shop.providers.image_maker(inputs.provider).make(request))
    image_id = derived_id(job.id, "image", inputs.hash)
    key = keys.scene_asset(
        str(project.id), str(scene.id), "images", str(image_id), EXTENSIONS[made.mime_type]
    )
    await shop.objects.put_bytes(key, made.data, made.mime_type)
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    provenance = provenance_of(job, made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.negative_prompt = inputs.negative_prompt or None
    provenance.seed = made.seed
    image = Image(
        id=image_id,
        file=StoredFile(
            key=key,
            sha256=hashlib.sha256(made.data).hexdigest(),
            size_bytes=len(made.data),
            mime_type=made.mime_type,
        ),
        width=made.width,
        height=made.height,
        provenance=provenance,
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.add_image(frame.id, image, choose=bool(job.payload.get("choose", True)))

    return Done(
        result={"image_id": str(image_id), "key": key},
        attach=attach,
        cost_minor=made.usage.cost_minor,
        took=took(job, made.usage, units=made.width * made.height / 1e6),
    )
