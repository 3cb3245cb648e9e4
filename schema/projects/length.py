"""How long a project's video is as things stand."""

import strawberry

from resolvers.projects.lengths import LengthFit
from schema.enums import describe

describe(
    LengthFit,
    "How a video's length compares with `brief.minDurationS` and `brief.maxDurationS`.",
    {
        LengthFit.FITS: "It lies between them, or none is set.",
        LengthFit.TOO_SHORT: "It is shorter than the shortest that is wanted.",
        LengthFit.TOO_LONG: "It is longer than the longest that is wanted, such as a platform's limit.",
    },
)


@strawberry.type(description="How long the video is as things stand, before it is rendered.")
class Length:
    """Read from `resolvers.projects.lengths.Length`."""

    duration_s: float = strawberry.field(
        description="In seconds, to about one: of the voices that are recorded, and by letters where they "
        "are not; of the clips of a timeline that somebody arranged."
    )
    is_measured: bool = strawberry.field(
        description="Whether every voice is recorded as it is wanted now, and nothing has to be guessed."
    )
    fit: LengthFit | None = strawberry.field(
        description="How that compares with what the brief asks for; null while there is nothing to tell."
    )
    fitting_speed: float | None = strawberry.field(
        description="`style.speechSpeed` with which it would fit, once the voices are made again; null where "
        "it fits, or where no speed from 0.5 to 2 would do: then leave something out."
    )
