"""Passwords hashed and checked with argon2id, off the event loop and never too many at once."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from access.errors import RateLimited
from access.password_rules import MAX_LENGTH

_T = TypeVar("_T")
_BUSY_RETRY_S: Final = 2.0


class Passwords:
    """argon2id in threads of its own.

    One hash takes about 0.1 s of `lanes` cores and `memory_kib` of memory, so the number at work and the
    number waiting are both bounded; past them a request is turned away rather than left to time out.

    Args:
        concurrency: hashes computed at once; memory in use is at most this times `memory_kib`.
        max_waiting: requests that may wait for their turn.
        time_cost: passes over the memory.
        memory_kib: memory of one hash in KiB.
        lanes: parallel lanes of one hash.
    """

    def __init__(
        self,
        *,
        concurrency: int = 2,
        max_waiting: int = 64,
        time_cost: int = 3,
        memory_kib: int = 65_536,
        lanes: int = 4,
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes, type=Type.ID
        )
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="argon2")
        self._admitted = 0
        self._max_admitted = concurrency + max_waiting
        # Checked in the place of a hash that does not exist, so that its absence takes no less time.
        self._nobodys_hash = self._hasher.hash(secrets.token_urlsafe(32))

    def close(self) -> None:
        """Let the hashes at work end and give the threads back."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Hash a password that passed the rules.

        Raises:
            RateLimited: too many are waiting.
        """
        return await self._run(lambda: self._hasher.hash(_canonical(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed.

        With None for the hash (no such account, or one without a password) the same work is done, and the
        answer is False: the time taken does not tell whether there is an account.

        Raises:
            RateLimited: too many are waiting.
        """
        return await self._run(lambda: self._verify(password_hash, password))

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's and should be made anew."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str | None, password: str) -> bool:
        # What no sign-up accepts cannot match; it is cut so that its length costs nothing.
        candidate = _canonical(password[:MAX_LENGTH])
        try:
            matches = self._hasher.verify(password_hash or self._nobodys_hash, candidate)
        except (VerificationError, InvalidHashError):
            return False
        return matches and password_hash is not None and len(password) <= MAX_LENGTH

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._admitted >= self._max_admitted:
            raise RateLimited(_BUSY_RETRY_S)
        self._admitted += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._admitted -= 1


def _canonical(password: str) -> bytes:
    # One password typed on two systems may arrive composed or decomposed. Lone surrogates, which JSON can
    # carry, have no UTF-8; they pass as they are and match nothing, since no new password may hold them.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
