"""Scalars with a stricter form than GraphQL's own."""

import re
from datetime import UTC, datetime
from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
Color = NewType("Color", str)
JSONObject = NewType("JSONObject", dict[str, Any])

_GREATEST: Final = 2**53 - 1  # beyond it JavaScript rounds
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")


def _write_datetime(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time without a time zone cannot be shown")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_datetime(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError(_EXPECTED_TIME)  # noqa: TRY004 - GraphQL turns ValueError into a coercion error
    try:
        time = datetime.fromisoformat(value)
        in_utc = time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(_EXPECTED_TIME) from error
    if time.tzinfo is None or "T" not in value.upper():
        raise ValueError(_EXPECTED_TIME)
    return in_utc


_EXPECTED_TIME: Final = "a DateTime is ISO 8601 with a time zone, such as 2026-03-01T09:30:00Z"


def _as_big_int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _GREATEST:
        raise ValueError("a BigInt is a whole number of at most 53 bits, without quotes")
    return value


def _as_color(value: object) -> str:
    if not isinstance(value, str) or not _COLOR.fullmatch(value):
        raise ValueError("a Color is #RRGGBB, such as #FFCC00")
    return value.upper()


def _as_object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError('a JSONObject is an object in braces, such as {colors: ["#FFCC00"]}')  # noqa: TRY004 - likewise
    return value


SCALARS: Final[dict[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A point in time: ISO 8601 in UTC with milliseconds, such as `2026-03-01T09:30:00.000Z`. "
        "Inputs may have any time zone, but must have one.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_write_datetime,
        parse_value=_read_datetime,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of at most 53 bits, written as a JSON number: sizes in bytes, for which "
        "`Int` with its 32 bits is too small.",
        serialize=_as_big_int,
        parse_value=_as_big_int,
    ),
    Color: strawberry.scalar(
        name="Color",
        description="A colour without transparency, `#RRGGBB` in hexadecimal digits, such as `#FFCC00`.",
        serialize=_as_color,
        parse_value=_as_color,
    ),
    JSONObject: strawberry.scalar(
        name="JSONObject",
        description="A JSON object of at most 4,096 bytes and five levels. Names in it have 1 to 100 "
        "characters, no dot, and no dollar sign at their beginning.",
        serialize=_as_object,
        parse_value=_as_object,
    ),
}
