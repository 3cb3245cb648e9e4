"""A request to S3 that somebody else may send."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PresignedRequest:
    """A request that a browser may send as it is, without credentials."""

    method: Literal["PUT"]
    url: str
    headers: dict[str, str]
