"""The one way to change a project's tree: a conditional update of one node, read back small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import bson
from beanie import PydanticObjectId
from pydantic import BaseModel
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached, NodeMissing, ProjectHeld, RevisionStale
from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project
from documents.tree.edit_hand import Hand
from documents.tree.node import stamp
from documents.tree.place import Place

_TRIES = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that must still hold after the change.

    Args:
        what: what is counted, in the plural, for the person who reached it.
        most: how much is allowed.
        expression: aggregation expression of how much there would be.
    """

    what: str
    most: int
    expression: Any


def tree_size_limit(most_bytes: int, *, added: Sequence[Any], replaced: Sequence[Any] = ()) -> Limit:
    """The whole tree in bytes of BSON as it would be after the change; one that adds nothing always passes.

    What viewers are still to be told is no part of the tree.

    Args:
        most_bytes: how large the tree may be.
        added: the values that come in.
        replaced: aggregation expressions of the values that go.
    """
    added_bytes = len(bson.encode({f"n{index}": value for index, value in enumerate(added)}))
    replaced_bytes = {"$bsonSize": {f"n{index}": value for index, value in enumerate(replaced)}}
    before = {"$bsonSize": {"$unsetField": {"field": "outbox", "input": "$$ROOT"}}}
    size = {"$add": [before, {"$subtract": [added_bytes, replaced_bytes]}]}
    shrinks = {"$lte": [added_bytes, replaced_bytes]}
    return Limit("bytes in a project's tree", most_bytes, {"$cond": [shrinks, 0, size]})


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to one node. Values are stored as they are, never evaluated.

    Args:
        values: fields of the node that are set.
        push: arrays of the node that get elements: field → (elements, position or None for the end).
        pull: arrays of the node that lose the elements meeting a filter.
        project_values: fields of the project that are set in the same update.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    push: Mapping[str, tuple[Sequence[Any], int | None]] = field(default_factory=dict)
    pull: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    project_values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was written.

    Args:
        node: the changed node as it is now; None if the change removed it.
        event: what viewers are to be told; it stays in the project's outbox until they were.
    """

    project_id: PydanticObjectId
    project_revision: int
    node: Any
    event: ChangeEvent


def _update(place: Place, change: Change, event: ChangeEvent) -> dict[str, Any]:
    update: dict[str, Any] = {
        "$set": {
            "updated_at": event.at,
            **change.project_values,
            **{place.at(name): value for name, value in change.values.items()},
        },
        "$inc": {"revision": 1},
        "$push": {"outbox": event.stored()},
    }
    if place.path:
        update["$inc"][place.at("revision")] = 1
    for name, (elements, position) in change.push.items():
        where = {} if position is None else {"$position": position}
        update["$push"][place.at(name)] = {"$each": list(elements), **where}
    if change.pull:
        update["$pull"] = {place.at(name): condition for name, condition in change.pull.items()}
    return update


async def change(
    project_id: PydanticObjectId,
    place: Place,
    what: Change,
    *,
    now: datetime,
    kind: ChangeKind = ChangeKind.NODE_CHANGED,
    about: Place | None = None,
    removes: Place | None = None,
    expected_revision: int | None = None,
    condition: Mapping[str, Any] | None = None,
    limits: Sequence[Limit] = (),
    hand: Hand | None = None,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Change one node if it exists, is as expected and stays within the limits; else write nothing.

    Args:
        project_id: the project, which must not be deleted.
        place: the node.
        what: what is done to it.
        now: time of the change.
        kind: what viewers are told.
        about: the node that viewers are told of and that is read back, where it is not the changed one.
        removes: the child that the change takes away: viewers are told of it, and its revision is compared.
        expected_revision: the node's revision as the caller knows it; None to change it whatever it is.
        condition: a filter on the node's own fields; unmet, the change counts as NodeMissing.
        limits: bounds that must hold.
        hand: whose change it is, so that another one's edit lock stops it; None for a worker's.
        session: the transaction that the change belongs to.

    Raises:
        NodeMissing: the project or the node does not exist, or the condition does not hold.
        RevisionStale: the node has another revision than expected.
        CapReached: a limit would be passed.
        ProjectHeld: another person's edit lock holds the project.
    """
    told = about or removes or place
    event = ChangeEvent(kind=kind, node_kind=told.kind, node_id=told.node_id, at=now)
    return await write(
        project_id,
        place,
        _update(place, what, event),
        event=event,
        read=told,
        compared=removes,
        array_filters=place.array_filters,
        expected_revision=expected_revision,
        condition=condition,
        limits=limits,
        hand=hand,
        session=session,
    )


async def write(
    project_id: PydanticObjectId,
    place: Place,
    update: dict[str, Any] | list[dict[str, Any]],
    *,
    event: ChangeEvent,
    read: Place,
    compared: Place | None = None,
    needs: Place | None = None,
    array_filters: Sequence[Mapping[str, Any]] = (),
    expected_revision: int | None = None,
    condition: Mapping[str, Any] | None = None,
    limits: Sequence[Limit] = (),
    hand: Hand | None = None,
    session: AsyncClientSession | None = None,
) -> Changed:
    """Run one conditional update on the tree and read back one node alone.

    `compared` is the node whose revision is expected, where it is not the changed one; `needs` another node
    that must exist. An update pipeline, for what depends on what is stored, raises the revisions and fills
    the outbox itself.

    Raises:
        NodeMissing, RevisionStale, CapReached: as for `change`.
    """
    subject = compared or place
    expected = {} if expected_revision is None else {"revision": expected_revision}
    alive = {"_id": project_id, "deleted_at": None}
    query: dict[str, Any] = {
        **alive,
        "$and": [place.match(condition), subject.match(expected), needs.match() if needs else {}],
    }
    if hand is not None:
        query["$and"].append(hand.passes)
    if limits:
        query["$expr"] = {"$and": [{"$lte": [limit.expression, limit.most]} for limit in limits]}
    for _ in range(_TRIES):
        raw = await Project.get_pymongo_collection().find_one_and_update(
            query,
            update,
            array_filters=list(array_filters) or None,
            projection={"revision": 1, "node": read.expression},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if raw is not None:
            return Changed(project_id, raw["revision"], _read(read, raw.get("node"), project_id), event)
        if hand is not None and not await _passes(alive, hand, session=session):
            raise ProjectHeld
        await _refuse(
            alive,
            subject,
            needs=needs,
            expected_revision=expected_revision,
            limits=limits,
            condition=place.match(condition),
            session=session,
        )
    raise NodeMissing(place.kind)


async def _passes(alive: dict[str, Any], hand: Hand, *, session: AsyncClientSession | None) -> bool:
    """Whether no other person's lock stands in the way; a project that is gone is locked by nobody."""
    projects = Project.get_pymongo_collection()
    held = {**alive, "$nor": [hand.passes]}
    return await projects.find_one(held, {"_id": 1}, session=session) is None


def _read(place: Place, raw: dict[str, Any] | None, project_id: PydanticObjectId) -> BaseModel | None:
    if raw is None:
        return None
    node = place.model.model_validate(raw)
    stamp(node, project_id)
    return node


async def _refuse(
    alive: dict[str, Any],
    place: Place,
    *,
    needs: Place | None,
    expected_revision: int | None,
    limits: Sequence[Limit],
    condition: Mapping[str, Any],
    session: AsyncClientSession | None,
) -> None:
    """Read once more and raise what stood in the way.

    Returns if nothing does any more, because another change came in between: then the update is due again.
    """
    projects = Project.get_pymongo_collection()
    if needs is not None and not await projects.find_one(
        {**alive, **needs.match()}, {"_id": 1}, session=session
    ):
        raise NodeMissing(needs.kind)
    counts = {f"limit{index}": limit.expression for index, limit in enumerate(limits)}
    raw = await projects.find_one(
        {**alive, **place.match()},
        projection={"revision": 1, "node": place.expression, **counts},
        session=session,
    )
    if raw is None:
        raise NodeMissing(place.kind)
    node = _read(place, raw.get("node"), raw["_id"])
    if node is not None and expected_revision not in {None, raw["node"].get("revision")}:
        raise RevisionStale(place.kind, node)
    for index, limit in enumerate(limits):
        if raw[f"limit{index}"] > limit.most:
            raise CapReached(limit.what, limit.most)
    if not await projects.find_one({**alive, **condition}, {"_id": 1}, session=session):
        raise NodeMissing(place.kind)
