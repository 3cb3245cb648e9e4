"""Named places where a worker may die, so that tests can make it die there.

A point does nothing unless the worker was started with the order to kill itself at it. The order names the
point and a file: the file is created first, so that whoever gave the order knows that the point was reached,
and the worker that takes over, started with the same order, passes.
"""

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class KillPoint(StrEnum):
    """Where it hurts most."""

    AFTER_CLAIM = "after-claim"
    BEFORE_TICKET = "before-ticket"
    AFTER_TICKET = "after-ticket"
    AFTER_ANSWER = "after-answer"
    AFTER_BYTES_STORED = "after-bytes-stored"
    BEFORE_ATTACH = "before-attach"
    INSIDE_ATTACH = "inside-attach"
    AFTER_ATTACH = "after-attach"
    AFTER_HAND_OVER = "after-hand-over"
    BEFORE_WAKE = "before-wake"
    MID_SEGMENT = "mid-segment"
    AFTER_JOIN = "after-join"
    BEFORE_PUBLISH = "before-publish"
    AFTER_PUBLISH = "after-publish"


@dataclass(frozen=True, slots=True)
class KillOrder:
    """An order to die once: at which point, and the file that says that it happened."""

    point: KillPoint
    witness: Path


class KillPoints:
    """The points that a worker passes."""

    def __init__(self, order: KillOrder | None = None) -> None:
        self._order = order

    def reach(self, point: KillPoint) -> None:
        """Die here with SIGKILL if so ordered and no worker has done it before."""
        order = self._order
        if order is None or order.point is not point:
            return
        try:
            order.witness.touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
