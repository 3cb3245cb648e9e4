"""The library of what was made before."""

from documents.media import library
from documents.media.library_entry import LibraryEntry
from documents.transaction import in_transaction
from schema.ids import document_gid
from tasks.making.library_assets import frame_picture
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples.film import PICTURE, change, film, frame, gid
from tests.strangers.world import World


async def furnish(world: World) -> None:
    project = film(world)
    canary = project.script.scenes[0].frames[0]
    asset = frame_picture(canary.id, canary.images[0])
    await in_transaction(lambda session: library.enter(project.id, asset, session=session))
    entry = await LibraryEntry.get(asset.id)
    assert entry is not None
    world.documents["library entry"] = entry
    world.objects[asset.file.key] = PICTURE


def entry_gid(world: World) -> str:
    return document_gid("LibraryEntry", world.documents["library entry"].id)


EXAMPLES = {
    "library": Example(lambda world: {"projectId": gid(world)}),
    "updateLibraryEntry": change(entryId=entry_gid, tags=["Stolen"]),
    "reuseAsset": change(entryId=entry_gid, frameId=frame),
}

NODES = {"LibraryEntry": NodeExample(entry_gid)}
