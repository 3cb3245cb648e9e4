"""Whether the words that a piece of writing was ordered for still stand as they were then."""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson
from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.project import Project
from documents.tree.script import Frame
from tasks.job_engine.work import Hopeless


def words_hash(frames: Sequence[Frame]) -> str:
    """SHA-256 of all that is said of these frames in words, in hexadecimal."""
    told = [
        [
            str(frame.id),
            frame.narration,
            frame.picture_prompt,
            frame.optimised_prompt,
            frame.negative_prompt,
            frame.voiceover.text,
            [effect.text for effect in frame.text_effects],
        ]
        for frame in frames
    ]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


async def require_unchanged(
    project_id: PydanticObjectId,
    frames: Sequence[Frame],
    ordered: str,
    *,
    result: dict[str, Any],
    session: AsyncClientSession,
) -> None:
    """Look once more, in the transaction that is about to put new words in the place of these.

    Args:
        project_id: the project.
        frames: whose words are replaced.
        ordered: the hash of the words as they were when the work was ordered.
        result: what was written, so that it is not lost.
        session: the transaction.

    Raises:
        Hopeless: a frame was removed, or its words are others now.
    """
    raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, session=session)
    here = {} if raw is None else {frame.id: frame for _, frame in Project.model_validate(raw).frames()}
    if any(frame.id not in here for frame in frames):
        raise Hopeless("NODE_GONE", "The frame was removed while this was being written.", result=result)
    if words_hash([here[frame.id] for frame in frames]) != ordered:
        raise changed_meanwhile(result)


def changed_meanwhile(result: dict[str, Any] | None = None) -> Hopeless:
    """The end of a job whose words may not take the old ones' place."""
    text = "The words were changed since this was ordered, and stay as they are now."
    if result is not None:
        text += " The job's `writtenFrames` has what was written."
    return Hopeless("REVISION_CONFLICT", text, result=result)
