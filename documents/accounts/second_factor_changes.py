"""How a user's second factor comes, is used and goes: each one conditional update."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.second_factor import SecondFactor
from documents.accounts.user import User

ENROLMENT_TIME: Final = timedelta(minutes=15)
"""From when the secret is shown until a first code must have proved that the app has it."""

_NONE_YET: Final[dict[str, Any]] = {"totp.confirmed_at": None}
_CONFIRMED: Final[dict[str, Any]] = {"totp.confirmed_at": {"$ne": None}}


async def start(user_id: PydanticObjectId, *, sealed_secret: str, now: datetime) -> bool:
    """Keep a secret that is not confirmed yet, in the place of an earlier one; False if one is confirmed."""
    pending = SecondFactor(sealed_secret=sealed_secret, started_at=now).model_dump()
    return await _changed({"_id": user_id, **_NONE_YET}, {"$set": {"totp": pending}}, None)


async def confirm(
    user_id: PydanticObjectId,
    *,
    sealed_secret: str,
    step: int,
    recovery_hashes: Sequence[bytes],
    now: datetime,
    session: AsyncClientSession,
) -> bool:
    """Let a started factor count from now on; False if another was started or confirmed meanwhile."""
    pending = {
        "_id": user_id,
        "totp.sealed_secret": sealed_secret,
        "totp.started_at": {"$gt": now - ENROLMENT_TIME},
        **_NONE_YET,
    }
    change = {
        "totp.confirmed_at": now,
        "totp.last_step": step,
        "totp.recovery_hashes": list(recovery_hashes),
        "updated_at": now,
    }
    return await _changed(pending, {"$set": change}, session)


async def use_step(user_id: PydanticObjectId, *, step: int, session: AsyncClientSession) -> bool:
    """Use up the code of a time step; False if it, or a later one, was used before."""
    fresh = {"_id": user_id, "totp.last_step": {"$lt": step}, **_CONFIRMED}
    return await _changed(fresh, {"$set": {"totp.last_step": step}}, session)


async def use_recovery_code(
    user_id: PydanticObjectId, *, recovery_hash: bytes, session: AsyncClientSession
) -> bool:
    """Use up a recovery code; False if it is none that is left."""
    left = {"_id": user_id, "totp.recovery_hashes": recovery_hash, **_CONFIRMED}
    return await _changed(left, {"$pull": {"totp.recovery_hashes": recovery_hash}}, session)


async def renew_recovery_codes(
    user_id: PydanticObjectId, recovery_hashes: Sequence[bytes], *, session: AsyncClientSession
) -> bool:
    """Put new recovery codes in the place of all earlier ones; False without a second factor."""
    change = {"$set": {"totp.recovery_hashes": list(recovery_hashes)}}
    return await _changed({"_id": user_id, **_CONFIRMED}, change, session)


async def remove(user_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> bool:
    """Take the second factor away; False if there is none."""
    change = {"$set": {"totp": None, "updated_at": now}}
    return await _changed({"_id": user_id, **_CONFIRMED}, change, session)


async def _changed(which: dict[str, Any], change: dict[str, Any], session: AsyncClientSession | None) -> bool:
    result = await User.get_pymongo_collection().update_one(which, change, session=session)
    return result.matched_count == 1
