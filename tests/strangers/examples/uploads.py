"""Files on their way in."""

from datetime import timedelta

from beanie import PydanticObjectId

from documents.project import Project
from documents.upload import Upload, UploadPurpose
from schema.ids import tree_gid
from storage import keys
from tests.strangers.example import NodeExample
from tests.strangers.examples.film import PICTURE, change, film, frame
from tests.strangers.world import World


async def furnish(world: World) -> None:
    project, now = film(world), world.studio.services.now()
    upload_id = PydanticObjectId()
    upload = Upload(
        id=upload_id,
        purpose=UploadPurpose.FRAME_IMAGE,
        frame_id=project.script.scenes[0].frames[0].id,
        key=keys.project_upload(str(project.id), str(upload_id), "png"),
        file_name="canary.png",
        mime_type="image/png",
        size_bytes=len(PICTURE),
        created_by=world.owner.user_id,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$push": {"uploads": upload.model_dump(by_alias=True)}}
    )
    world.documents["upload"] = upload
    world.objects[upload.key] = PICTURE


def upload_gid(world: World) -> str:
    return tree_gid("Upload", film(world).id, world.documents["upload"].id)


EXAMPLES = {
    "createUpload": change(frameId=frame, fileName="bee.png", mimeType="image/png", sizeBytes=9),
    "completeUpload": change(uploadId=upload_gid),
    "cancelUpload": change(uploadId=upload_gid),
}

NODES = {"Upload": NodeExample(upload_gid)}
