"""Whose change of a tree it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose change of the tree it is; workers have none, and no lock stops them.

    Args:
        session_id: the person's session; None for an API key, which holds no lock.
        now: time of the change.
    """

    session_id: PydanticObjectId | None
    now: datetime

    @property
    def passes(self) -> dict[str, Any]:
        """Filter of the projects that no other session holds."""
        free: list[dict[str, Any]] = [{"edit_lock": None}, {"edit_lock.expires_at": {"$lte": self.now}}]
        if self.session_id is not None:
            free.append({"edit_lock.session_id": self.session_id})
        return {"$or": free}
