"""Files on their way in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.media.upload import Upload, UploadPurpose
from schema.ids import document_gid
from storage import keys
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples.film import PICTURE, change, film, frame
from tests.strangers.world import World


async def furnish(world: World) -> None:
    project, now = film(world), world.studio.services.now()
    upload_id = PydanticObjectId()
    upload = Upload(
        id=upload_id,
        purpose=UploadPurpose.FRAME_IMAGE,
        project_id=project.id,
        target_id=project.script.scenes[0].frames[0].id,
        key=keys.project_upload(str(project.id), str(upload_id), "png"),
        file_name="canary.png",
        mime_type="image/png",
        size_bytes=len(PICTURE),
        created_by=world.owner.user_id,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    await upload.insert()
    world.documents["upload"] = upload
    parted = upload.model_copy(update={"id": PydanticObjectId(), "part_size_bytes": 5})
    await parted.insert()
    world.documents["parted"] = parted
    world.objects[upload.key] = PICTURE


def upload_gid(world: World, name: str = "upload") -> str:
    return document_gid("Upload", world.documents[name].id)


def sending(**values: Any) -> Example:
    return replace(change(**values), needs=Permission.PROJECT_EDIT, by="owner")


EXAMPLES = {
    "createUpload": sending(
        target=lambda world: {"frameImage": frame(world)},
        fileName="bee.png",
        mimeType="image/png",
        sizeBytes=9,
    ),
    "upload": Example(lambda world: {"id": upload_gid(world)}, needs=Permission.PROJECT_VIEW, by="owner"),
    "signUploadParts": sending(uploadId=lambda world: upload_gid(world, "parted"), numbers=[1]),
    "completeUpload": sending(uploadId=upload_gid),
    "cancelUpload": sending(uploadId=upload_gid),
    "removeAvatar": Example(is_own=True),
}

NODES = {"Upload": NodeExample(upload_gid)}
