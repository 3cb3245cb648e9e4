"""Lists of jobs, and what is known of the jobs of a project's nodes."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId

from documents.jobs.job import NEWEST_OF_NODE, Job, JobKind, JobState
from documents.newest_first import Page, Window, page

# What a list does not show stays where it is: a render's frozen timeline can be large.
_HEAVY = ("checkpoint", "outbox")


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which of a project's jobs a list holds; None means no matter which.

    Args:
        states: in one of these states.
        kinds: of one of these kinds.
        only_roots: leave out what other jobs started, such as a production's steps.
        node_id: for this node, such as a frame or an upload.
    """

    states: Sequence[JobState] | None = None
    kinds: Sequence[JobKind] | None = None
    only_roots: bool = False
    node_id: PydanticObjectId | None = None


async def of_project(project_id: PydanticObjectId, wanted: JobFilter, window: Window) -> Page[Job]:
    """A page of a project's jobs, those that were queued last first."""
    query: dict[str, Any] = {"project_id": project_id}
    if wanted.states is not None:
        query["state"] = {"$in": list(wanted.states)}
    if wanted.kinds is not None:
        query["kind"] = {"$in": list(wanted.kinds)}
    if wanted.only_roots:
        query["parent_id"] = None
    if wanted.node_id is None:
        return await page(Job, query, window, by="queued_at", without=_HEAVY)
    query["node_id"] = wanted.node_id
    return await page(Job, query, window, by="queued_at", without=_HEAVY, hint=NEWEST_OF_NODE)


async def of_parent(parent_id: PydanticObjectId, window: Window) -> Page[Job]:
    """A page of a job's children, those that were queued last first."""
    return await page(Job, {"parent_id": parent_id}, window, by="queued_at", without=_HEAVY)


async def of_key(owner_id: PydanticObjectId, key: str) -> Job | None:
    """The job that a user's idempotency key started."""
    return await Job.find_one({"owner_id": owner_id, "idempotency_key": key})


async def of_key_parts(
    owner_id: PydanticObjectId, project_id: PydanticObjectId | None, kind: JobKind, key: str
) -> list[Job]:
    """The jobs that one key started for several nodes, in the order in which they were made.

    The project is None for what is in none. Their own
    keys are the user's, the node's id and a number: `key:node:number`.
    """
    part = re.compile(rf"{re.escape(key)}:[0-9a-f]{{24}}:[0-9]+")
    found = await Job.find(
        {
            "owner_id": owner_id,
            "idempotency_key": {"$gte": f"{key}:", "$lt": f"{key};", "$type": "string"},
            "project_id": project_id,
            "kind": kind,
        }
    ).to_list()
    of_this_key = (job for job in found if job.idempotency_key and part.fullmatch(job.idempotency_key))
    return sorted(of_this_key, key=lambda job: job.id)


async def unfinished_of_nodes(
    project_id: PydanticObjectId, node_ids: Sequence[PydanticObjectId]
) -> list[Job]:
    """Jobs for some of a project's nodes that are not over."""
    found = Job.get_pymongo_collection().find(
        {
            "project_id": project_id,
            "node_id": {"$in": list(node_ids)},
            "state": {"$in": [state for state in JobState if not state.is_over]},
        }
    )
    return [Job.model_validate(raw) async for raw in found]


ORDERED: Final = (
    JobKind.PRODUCTION,
    JobKind.SCRIPT,
    JobKind.IMAGE,
    JobKind.VOICEOVER,
    JobKind.MUSIC,
    JobKind.RENDER,
    JobKind.CHAT_REPLY,
    JobKind.WEEKLY_PLAN,
    JobKind.CHARACTER_IMAGE,
    JobKind.VOICE_PREVIEW,
)
"""What people order; the rest follows from something that has a limit of its own."""


async def unfinished_orders(owner_id: PydanticObjectId, *, most: int) -> int:
    """How many orders of a user are not over, counted up to `most`."""
    return await Job.get_pymongo_collection().count_documents(
        {"owner_id": owner_id, "kind": {"$in": list(ORDERED)}, "parent_id": None, "finished_at": None},
        limit=most,
    )


async def next_ordinals(
    project_id: PydanticObjectId, *kinds: JobKind
) -> dict[tuple[JobKind, PydanticObjectId | None], int]:
    """By kind and node, the ordinal after the highest that any job has had; 0 where it is not named.

    The node is None for what is made for the whole project.
    """
    groups: list[dict[str, Any]] = await (
        await Job.get_pymongo_collection().aggregate(
            [
                {"$match": {"project_id": project_id, "kind": {"$in": list(kinds)}}},
                {"$group": {"_id": ["$kind", "$node_id"], "highest": {"$max": "$ordinal"}}},
            ]
        )
    ).to_list()
    return defaultdict(
        int, {(JobKind(kind), node): each["highest"] + 1 for each in groups for kind, node in [each["_id"]]}
    )


async def unfinished_outside(kind: JobKind, node_id: PydanticObjectId) -> int:
    """How many jobs of a kind are waiting or under way for what is in no project, whoever ordered them."""
    wanted = {"project_id": None, "node_id": node_id, "kind": kind, "finished_at": None}
    return int(await Job.get_pymongo_collection().count_documents(wanted))


async def next_ordinal_outside(owner_id: PydanticObjectId, kind: JobKind, node_id: PydanticObjectId) -> int:
    """The ordinal after the highest that a user's jobs of a kind have had for what is in no project."""
    wanted = {"owner_id": owner_id, "project_id": None, "kind": kind, "node_id": node_id}
    highest = await Job.get_pymongo_collection().find_one(wanted, {"ordinal": 1}, sort=[("ordinal", -1)])
    return 0 if highest is None else int(highest["ordinal"]) + 1
