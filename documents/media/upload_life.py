"""An upload's way: announced within the sender's allowance, brought forward, decided once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.user import User
from documents.errors import CapReached
from documents.media.upload import OPEN, Upload, UploadState
from documents.transaction import in_transaction


@dataclass(frozen=True, slots=True)
class UploadAllowance:
    """How much one user may have under way at once.

    Args:
        uploads: how many, announced or checked and not expired.
        size_bytes: how large they may be together.
    """

    uploads: int = 200
    size_bytes: int = 20 * 1024**3


async def announce(upload: Upload, allowance: UploadAllowance, *, now: datetime) -> None:
    """Store a new upload if its sender may have one more under way.

    Raises:
        CapReached: too many, or too much, at once; nothing was written.
    """

    async def transaction(session: AsyncClientSession) -> None:
        # Two that are announced at once both write here: the second one counts the first.
        await User.get_pymongo_collection().update_one(
            {"_id": upload.created_by}, {"$inc": {"revision": 1}}, session=session
        )
        count, size_bytes = await _under_way(upload.created_by, now, session)
        if count + 1 > allowance.uploads:
            raise CapReached("uploads under way", allowance.uploads)
        if size_bytes + upload.size_bytes > allowance.size_bytes:
            raise CapReached("bytes of uploads under way", allowance.size_bytes)
        values = upload.model_dump(by_alias=True, exclude={"revision_id"})
        await Upload.get_pymongo_collection().insert_one(values, session=session)

    await in_transaction(transaction)


async def _under_way(
    user_id: PydanticObjectId, now: datetime, session: AsyncClientSession
) -> tuple[int, int]:
    found = await Upload.get_pymongo_collection().aggregate(
        [
            {
                "$match": {
                    "created_by": user_id,
                    "state": {"$in": list(OPEN)},
                    "expires_at": {"$gt": now},
                }
            },
            {"$group": {"_id": None, "count": {"$sum": 1}, "size_bytes": {"$sum": "$size_bytes"}}},
        ],
        session=session,
    )
    async for group in found:
        return group["count"], group["size_bytes"]
    return 0, 0


async def advance(
    upload_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    from_states: tuple[UploadState, ...] = OPEN,
    condition: Mapping[str, Any] | None = None,
    session: AsyncClientSession | None = None,
) -> Upload | None:
    """Bring an upload forward from one of some states; None if it is in none of them."""
    raw = await Upload.get_pymongo_collection().find_one_and_update(
        {"_id": upload_id, "state": {"$in": list(from_states)}, **(condition or {})},
        {"$set": dict(values), "$inc": {"revision": 1}},
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    return None if raw is None else Upload.model_validate(raw)


async def about_to_store(upload_id: PydanticObjectId, *keys: str) -> bool:
    """Write down keys before objects are stored under them, so that none is left behind.

    False if the upload is decided: then nothing is to be stored.
    """
    result = await Upload.get_pymongo_collection().update_one(
        {"_id": upload_id, "state": {"$in": list(OPEN)}},
        {"$addToSet": {"stored_keys": {"$each": list(keys)}}},
    )
    return result.matched_count == 1


async def same_bytes(upload: Upload, sha256: str) -> Upload | None:
    """The first upload of the same owner that had these bytes and was attached."""
    raw = await Upload.get_pymongo_collection().find_one(
        {"sha256": sha256, **upload.owner, "state": UploadState.ATTACHED, "_id": {"$ne": upload.id}},
        sort=[("_id", 1)],
    )
    return None if raw is None else Upload.model_validate(raw)


async def newest_of_project(project_id: PydanticObjectId, *, most: int) -> list[Upload]:
    """A project's uploads, the oldest of the newest first; canceled ones are left out."""
    query = {"project_id": project_id, "state": {"$ne": UploadState.CANCELED}}
    found = Upload.get_pymongo_collection().find(query).sort([("created_at", -1), ("_id", -1)]).limit(most)
    return [Upload.model_validate(raw) async for raw in found][::-1]


async def release(which: Mapping[str, Any], *, session: AsyncClientSession | None = None) -> None:
    """Let go of what attached uploads have become: their objects are removed with the next sweep.

    Args:
        which: a filter on uploads, such as `{"asset_id": …}`.
        session: the transaction in which nothing names the objects any more.
    """
    await Upload.get_pymongo_collection().update_many(
        {**which, "state": UploadState.ATTACHED, "is_released": False},
        {"$set": {"is_released": True, "is_swept": False}, "$inc": {"revision": 1}},
        session=session,
    )
