"""What can go wrong on the way to the video.

DemoFailed
├── ServerEnded   the server that was started is gone
└── Refused       the API said no
"""

from pathlib import Path


class DemoFailed(Exception):
    """There is no video; the message says why and what to do."""


class ServerEnded(DemoFailed):
    """The server ended, or was not ready in time.

    Args:
        what: what happened.
        log: where its last words are.
        words: these words.
    """

    def __init__(self, what: str, log: Path, words: str) -> None:
        super().__init__(f"{what}\n{words}\nIts log: {log}")
        self.log = log


class Refused(DemoFailed):
    """The API answered with an error.

    Args:
        code: of the error or of the user error.
        message: for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
