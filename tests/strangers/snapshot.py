"""The world as it is stored: compared whole, and brought back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from storage.object_store import ObjectStore

QUIET = frozenset({"read", "authenticate", "remaining_s", "close", "check", "ensure_bucket"})
"""Calls that neither sign nor reach for anything."""


COUNTERS = ("limits", "costs", "lock-out")
"""How the names of those keys in Redis begin that count tries, of strangers above all."""

FLEETING = (*COUNTERS, "presence")
"""Likewise, and those that go by themselves while another operation is tried."""


class Watched:
    """Stands in front of a service and writes down what is called of it.

    Args:
        inner: the service itself.
        calls: where the names go.
    """

    def __init__(self, inner: object, calls: list[str]) -> None:
        self._inner = inner
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if callable(value) and name not in QUIET:
            self._calls.append(f"{type(self._inner).__name__}.{name}")
        return value


@dataclass
class Traces:
    """All that an operation could leave behind.

    Args:
        database: every collection of it counts.
        redis: every key below `prefix` counts, save for COUNTERS.
        calls: what was signed, and what was asked of the object store.
    """

    database: AsyncDatabase[dict[str, Any]]
    redis: Redis
    prefix: str
    calls: list[str] = field(default_factory=list)

    async def seen(self) -> dict[str, str]:
        """A digest of each collection and each key; forgets the calls."""
        self.calls.clear()
        hashed = await self.database.command("dbHash")
        found = {f"mongodb {name}": str(digest) for name, digest in hashed["collections"].items()}
        async for key in self.redis.scan_iter(match=f"{self.prefix}*", count=1_000):
            name = key.decode()
            if not name.removeprefix(self.prefix).startswith(COUNTERS):
                found[f"redis {name}"] = hashlib.sha256(await self.redis.dump(key) or b"").hexdigest()
        return found

    async def forgive(self) -> None:
        """Empty the counters, and whatever one operation left that is none of the next one's business."""
        for name in FLEETING:
            match = f"{self.prefix}{name}*"
            keys = [key async for key in self.redis.scan_iter(match=match, count=1_000)]
            if keys:
                await self.redis.delete(*keys)

    async def since(self, before: Mapping[str, str]) -> list[str]:
        """What is different now, and what was signed or asked of the store."""
        calls = list(self.calls)
        after = await self.seen()
        names = sorted(before.keys() | after.keys())
        return [name for name in names if before.get(name) != after.get(name)] + calls


@dataclass
class Snapshot:
    """Every document and object, to be put back."""

    database: AsyncDatabase[dict[str, Any]]
    objects: ObjectStore
    files: Mapping[str, bytes]
    documents: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    async def take(self) -> None:
        """Remember everything as it is."""
        for name in await self.database.list_collection_names():
            self.documents[name] = await self.database[name].find().to_list(None)
        self.hashes = (await self.database.command("dbHash"))["collections"]
        await self._put_files()

    async def changed(self) -> dict[str, list[dict[str, Any]]]:
        """Documents that are new, gone or different, by collection: as they are now, or else as they were."""
        now = (await self.database.command("dbHash"))["collections"]
        found = {}
        for name in sorted(now.keys() | self.hashes.keys()):
            if now.get(name) == self.hashes.get(name):
                continue
            before = {each["_id"]: each for each in self.documents.get(name, ())}
            after = {each["_id"]: each for each in await self.database[name].find().to_list(None)}
            different = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
            found[name] = [after.get(key) or before[key] for key in different]
        return found

    async def restore(self) -> None:
        """Bring back what changed since `take`."""
        for name in await self.changed():
            if name not in self.hashes:  # one without indexes comes with its first document
                await self.database.drop_collection(name)
                continue
            await self.database[name].delete_many({})
            if self.documents.get(name):
                await self.database[name].insert_many(self.documents[name])
        await self._put_files()

    async def _put_files(self) -> None:
        for key, data in self.files.items():
            if await self.objects.stat(key) is None:
                await self.objects.put_bytes(key, data, "image/png")
