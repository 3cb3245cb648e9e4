"""Seals anew what an older key of SECRETS_KEYS sealed, so that the older key can be taken away."""

from typing import Any, Final

import structlog
from beanie import Document

from access.sealing import SealBroken, Sealing
from documents.accounts.provider_key import ProviderKey
from documents.accounts.user import User

log = structlog.get_logger()

_A_TURN: Final = 500


class Resealing:
    """Walks over what is sealed: keys at providers, and second factors that count.

    Args:
        sealing: opens with all keys, seals with the first.
    """

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    async def run(self) -> None:
        """Seal the next ones anew. What no key opens any more is left as it is, and told of."""
        await self._renew(ProviderKey, "sealed", "provider-key", {})
        # A factor that is not confirmed yet is over in a quarter of an hour.
        await self._renew(User, "totp.sealed_secret", "totp", {"totp.confirmed_at": {"$ne": None}})

    async def _renew(self, model: type[Document], field: str, kind: str, which: dict[str, Any]) -> None:
        documents = model.get_pymongo_collection()
        head, done, lost = self._sealing.head, 0, 0
        # All that does not begin with the head, as two stretches of the index.
        older = {"$or": [{field: {"$lt": head}}, {field: {"$gt": f"{head}\uffff"}}]}
        async for raw in documents.find({**older, **which}, {field: 1}):
            sealed, purpose = _at(raw, field), f"{kind}:{raw['_id']}"
            try:
                opened = self._sealing.open(purpose, sealed)
            except SealBroken:
                lost += 1
                continue
            # Only if it is still the same: somebody may have saved another meanwhile.
            unchanged = {"_id": raw["_id"], field: sealed}
            await documents.update_one(unchanged, {"$set": {field: self._sealing.seal(purpose, opened)}})
            done += 1
            if done == _A_TURN:
                break
        if done or lost:
            log.info("sealed anew", kind=kind, count=done, unreadable=lost)


def _at(raw: Any, path: str) -> str:
    for name in path.split("."):
        raw = raw[name]
    return str(raw)
