"""What can go wrong between a timeline and a finished file.

    RenderingFailed
    ├── SourceUnreadable     a picture, clip or sound is missing, broken, or of a kind that is not taken
    ├── EncoderFailed        FFmpeg ended with an error, or wrote something other than was planned
    │   └── EncoderTimedOut  FFmpeg did not end within its time limit, and was killed
    ├── FontNotFound         libass found no font for a text: nothing would be burned in
    └── InspectionFailed     the finished file is not what was planned

`rendering.fonts.MissingGlyphs` and `rendering.fonts_fetch.FontUnavailable` come from planning.
"""

from collections.abc import Sequence
from typing import Protocol


class _Message(Protocol):
    @property
    def message(self) -> str: ...


class RenderingFailed(Exception):
    """A render cannot go on."""


class SourceUnreadable(RenderingFailed):
    """A picture, clip or sound cannot be used.

    `source` names it (a hash or a file name); `reason` says what was wrong and what would be right.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class EncoderFailed(RenderingFailed):
    """FFmpeg did not do what it was asked for.

    `return_code` is its own, negative for a signal; `stderr_tail` is the end of what it wrote.
    """

    def __init__(self, return_code: int | None, stderr_tail: str) -> None:
        self.return_code = return_code
        self.stderr_tail = stderr_tail
        super().__init__(f"FFmpeg ended with code {return_code}: {stderr_tail[-2000:]}")


class EncoderTimedOut(EncoderFailed):
    """FFmpeg was killed after `limit_s` seconds."""

    def __init__(self, limit_s: float, stderr_tail: str) -> None:
        super().__init__(None, stderr_tail)
        self.limit_s = limit_s
        self.args = (f"FFmpeg did not end within {limit_s:g} s: {stderr_tail[-2000:]}",)


class FontNotFound(RenderingFailed):
    """libass reported that no font draws a text. `stderr_tail` holds its own words."""

    def __init__(self, stderr_tail: str) -> None:
        self.stderr_tail = stderr_tail
        super().__init__(f"No font was found for a burned-in text: {stderr_tail[-500:]}")


class InspectionFailed(RenderingFailed):
    """A finished file differs from its plan; `findings` says in what."""

    def __init__(self, findings: Sequence[_Message]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))
