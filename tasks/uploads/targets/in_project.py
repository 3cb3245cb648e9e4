"""Finding what an upload is for inside its project, without reading the whole tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from documents.errors import CapReached, NodeMissing
from documents.media.upload import Upload, UploadRefusal
from documents.projects.project import Project
from documents.tree.brief import Style
from documents.tree.script import Frame, Image, Scene
from tasks.uploads.targets.target import TargetRefused

FRAME_GONE: Final = "The frame was removed while the file was being checked."
SCENE_GONE: Final = "The scene was removed while the file was being checked."
IMAGE_GONE: Final = "The picture was removed while the file was being checked."
PROJECT_GONE: Final = "The project was deleted while the file was being checked."


@contextmanager
def told_to_the_sender(gone: str, *, full: str = "") -> Iterator[None]:
    """What keeps the tree from taking an asset, as a refusal of the upload.

    Args:
        gone: said where the place in the tree is no longer there.
        full: said behind the cap that is reached: what would be right.

    Raises:
        TargetRefused: the place is gone, or a cap is reached.
    """
    try:
        yield
    except NodeMissing as error:
        raise TargetRefused(UploadRefusal.TARGET_GONE, gone) from error
    except CapReached as cap:
        raise TargetRefused(UploadRefusal.TARGET_FULL, f"{cap} {full}".strip()) from cap


async def frame_of(upload: Upload) -> tuple[Scene, Frame]:
    """The frame that an upload is for, with its scene.

    Raises:
        TargetRefused: it is gone.
    """
    scene = await _scene({"script.scenes.frames._id": upload.target_id}, upload)
    frame = None if scene is None else next((f for f in scene.frames if f.id == upload.target_id), None)
    if scene is None or frame is None:
        raise TargetRefused(UploadRefusal.TARGET_GONE, FRAME_GONE)
    return scene, frame


async def image_of(upload: Upload) -> Image:
    """The candidate picture that an upload is for.

    Raises:
        TargetRefused: it is gone.
    """
    scene = await _scene({"script.scenes.frames.images._id": upload.target_id}, upload)
    for frame in scene.frames if scene else ():
        for image in frame.images:
            if image.id == upload.target_id:
                return image
    raise TargetRefused(UploadRefusal.TARGET_GONE, IMAGE_GONE)


async def scene_of(upload: Upload) -> Scene:
    """The scene that an upload is for.

    Raises:
        TargetRefused: it is gone.
    """
    scene = await _scene({"script.scenes._id": upload.target_id}, upload)
    if scene is None:
        raise TargetRefused(UploadRefusal.TARGET_GONE, SCENE_GONE)
    return scene


async def style_of(upload: Upload) -> Style:
    """The style of the project that an upload is for.

    Raises:
        TargetRefused: the project is gone.
    """
    query = {"_id": upload.project_id, "deleted_at": None}
    raw = await Project.get_pymongo_collection().find_one(query, {"style": 1})
    if raw is None:
        raise TargetRefused(UploadRefusal.TARGET_GONE, PROJECT_GONE)
    return Style.model_validate(raw["style"])


async def _scene(where: dict[str, Any], upload: Upload) -> Scene | None:
    query = {"_id": upload.project_id, "deleted_at": None, **where}
    raw = await Project.get_pymongo_collection().find_one(query, {"script.scenes.$": 1})
    return None if raw is None else Scene.model_validate(raw["script"]["scenes"][0])
