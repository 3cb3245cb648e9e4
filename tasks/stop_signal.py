"""Waiting for SIGTERM or SIGINT."""

import signal
import time

_LOOK_INTERVAL_S = 0.1


class StopSignal:
    """Remembers that this process was asked to stop; made in the main thread.

    The handler only sets a flag: one that took a lock could meet itself when a second signal comes.
    """

    def __init__(self) -> None:
        self._is_given = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)

    def _take(self, *_: object) -> None:
        self._is_given = True

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the signal, for `timeout_s` at the most; True once it was given."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._is_given and (deadline is None or time.monotonic() < deadline):
            time.sleep(_LOOK_INTERVAL_S)
        return self._is_given
