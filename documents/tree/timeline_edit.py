"""Taking the timeline into one's own hands, and giving it back to the script."""

from datetime import datetime
from typing import Any

from beanie import PydanticObjectId

from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.tree import place as places
from documents.tree.edit import Changed, tree_size_limit, write
from documents.tree.edit_hand import Hand
from documents.tree.move import bookkeeping
from documents.tree.timeline import Timeline


async def arrange(
    project_id: PydanticObjectId,
    timeline: Timeline,
    *,
    now: datetime,
    tree_bytes: int,
    expected_revision: int | None = None,
    hand: Hand | None = None,
) -> Changed:
    """Put explicit clips in the place of what the timeline was.

    Its revision becomes the project's, so that it goes on rising where the timeline followed the script in
    between.

    Raises:
        NodeMissing, RevisionStale, CapReached: nothing was written. NodeMissing, too, if a revision is
            expected of a timeline that follows the script.
    """
    place = places.section(Timeline)
    event = ChangeEvent(kind=ChangeKind.NODE_CHANGED, node_kind=place.kind, at=now)
    revision = {"revision": {"$add": ["$revision", 1]}}
    stored = timeline.stored()
    arranged: dict[str, Any] = {"$mergeObjects": [{"$literal": stored}, revision]}
    return await write(
        project_id,
        place,
        [{"$set": {"timeline": arranged, **bookkeeping(event)}}],
        event=event,
        read=place,
        expected_revision=expected_revision,
        hand=hand,
        limits=[tree_size_limit(tree_bytes, added=[stored], replaced=["$timeline"])],
    )


async def follow_script(
    project_id: PydanticObjectId,
    *,
    now: datetime,
    expected_revision: int | None = None,
    hand: Hand | None = None,
) -> Changed:
    """Drop the explicit clips; the timeline is derived from the script again.

    Raises:
        NodeMissing, RevisionStale: nothing was written; the revision that is expected is the timeline's.
    """
    place = places.section(Timeline)
    event = ChangeEvent(kind=ChangeKind.NODE_CHANGED, node_kind=place.kind, at=now)
    return await write(
        project_id,
        place,
        [{"$set": {"timeline": None, **bookkeeping(event)}}],
        event=event,
        read=place,
        expected_revision=expected_revision,
        hand=hand,
    )
