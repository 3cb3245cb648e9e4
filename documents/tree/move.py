"""Moves: a node leaves its place and takes another in one update pipeline.

What the client gives (ids, positions) stands inside `$literal`: a pipeline would evaluate it otherwise.
"""

from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.tree import place as places
from documents.tree.edit import Changed, Limit, write
from documents.tree.edit_hand import Hand

Expression = Any


def _without(array: Expression, node_id: PydanticObjectId) -> Expression:
    return {"$filter": {"input": array, "as": "node", "cond": {"$ne": ["$$node._id", {"$literal": node_id}]}}}


def _inserted(array: Expression, element: Expression, position: int) -> Expression:
    """`array` with `element` at `position`, counted from 0; past the end means at the end."""
    rest = {"$slice": ["$$others", {"$literal": position}, {"$max": [1, {"$size": "$$others"}]}]}
    head: Expression = {"$slice": ["$$others", {"$literal": position}]} if position else []
    return {"$let": {"vars": {"others": array}, "in": {"$concatArrays": [head, [element], rest]}}}


def _raised(node: str) -> Expression:
    """The node's revision after one more change."""
    return {"$add": [f"{node}.revision", 1]}


def bookkeeping(event: ChangeEvent) -> dict[str, Any]:
    """What each pipeline sets on the project besides its own change."""
    return {
        "revision": {"$add": ["$revision", 1]},
        "updated_at": {"$literal": event.at},
        "outbox": {"$concatArrays": ["$outbox", [{"$literal": event.stored()}]]},
    }


async def move_scene(
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    *,
    position: int,
    expected_revision: int | None,
    now: datetime,
    hand: Hand | None = None,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Put a scene at `position` among the other scenes.

    Raises:
        NodeMissing, RevisionStale: nothing was written.
    """
    place = places.scene(scene_id)
    event = ChangeEvent(kind=ChangeKind.NODE_MOVED, node_kind=place.kind, node_id=scene_id, at=now)
    moved = {
        "$let": {
            "vars": {"moved": place.expression},
            "in": {"$mergeObjects": ["$$moved", {"revision": _raised("$$moved")}]},
        }
    }
    scenes = _inserted(_without("$script.scenes", scene_id), moved, position)
    pipeline = [
        {"$set": {"script.scenes": scenes, "script.revision": _raised("$script"), **bookkeeping(event)}}
    ]
    return await write(
        project_id,
        place,
        pipeline,
        event=event,
        read=place,
        expected_revision=expected_revision,
        hand=hand,
        session=session,
    )


async def move_frame(
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    *,
    scene_id: PydanticObjectId,
    position: int,
    frames_per_scene: int,
    expected_revision: int | None,
    now: datetime,
    hand: Hand | None = None,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Put a frame at `position` among the other frames of a scene, its own or another.

    Raises:
        NodeMissing, RevisionStale, CapReached: nothing was written.
    """
    place = places.frame(frame_id)
    target = places.scene(scene_id)
    event = ChangeEvent(kind=ChangeKind.NODE_MOVED, node_kind=place.kind, node_id=frame_id, at=now)
    moved = {
        "$let": {
            "vars": {"moved": place.expression},
            "in": {"$mergeObjects": ["$$moved", {"revision": _raised("$$moved")}]},
        }
    }
    others = _without("$$scene.frames", frame_id)
    is_target = {"$eq": ["$$scene._id", {"$literal": scene_id}]}
    is_source = {"$in": [{"$literal": frame_id}, "$$scene.frames._id"]}
    frames = {"$cond": [is_target, _inserted(others, moved, position), others]}
    changed = {"$mergeObjects": ["$$scene", {"frames": frames, "revision": _raised("$$scene")}]}
    scenes = {
        "$map": {
            "input": "$script.scenes",
            "as": "scene",
            "in": {"$cond": [{"$or": [is_target, is_source]}, changed, "$$scene"]},
        }
    }
    target_frames = {"$getField": {"field": "frames", "input": target.expression}}
    grown = {"$add": [{"$size": _without({"$ifNull": [target_frames, []]}, frame_id)}, 1]}
    return await write(
        project_id,
        place,
        [{"$set": {"script.scenes": scenes, **bookkeeping(event)}}],
        event=event,
        read=place,
        needs=target,
        expected_revision=expected_revision,
        limits=[Limit("frames in a scene", frames_per_scene, grown)],
        hand=hand,
        session=session,
    )
