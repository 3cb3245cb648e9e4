"""Scalars, as they are read and written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from schema.scalars import SCALARS, BigInt, Color

TIME, BIG, COLOR = SCALARS[datetime], SCALARS[BigInt], SCALARS[Color]


def test_time_is_written_in_utc_with_milliseconds() -> None:
    there = datetime(2026, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert TIME.serialize is not None
    assert TIME.serialize(there) == "2026-03-01T09:30:00.000Z"
    with pytest.raises(ValueError, match="time zone"):
        TIME.serialize(datetime(2026, 3, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "text", ["2026-03-01T09:30:00Z", "2026-03-01T10:30:00+01:00", "2026-03-01T09:30:00.000Z"]
)
def test_time_may_come_from_any_zone(text: str) -> None:
    assert TIME.parse_value is not None
    assert TIME.parse_value(text) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [1, None, "", "yesterday", "2026-03-01", "2026-03-01T09:30:00", "0001-01-01T00:00:00+14:00"]
)
def test_other_times_are_refused(value: object) -> None:
    assert TIME.parse_value is not None
    with pytest.raises(ValueError, match="a DateTime is ISO 8601"):
        TIME.parse_value(value)


@pytest.mark.parametrize("value", [0, -5, 2**53 - 1, -(2**53) + 1, 3_000_000_000])
def test_big_whole_numbers_pass(value: int) -> None:
    assert BIG.serialize is not None
    assert BIG.parse_value is not None
    assert BIG.serialize(value) == BIG.parse_value(value) == value


@pytest.mark.parametrize("value", [2**53, -(2**53), 1.0, "1", True, None])
def test_other_numbers_are_refused(value: object) -> None:
    assert BIG.parse_value is not None
    with pytest.raises(ValueError, match="a BigInt is"):
        BIG.parse_value(value)


def test_colors_are_six_digits_in_capitals() -> None:
    assert COLOR.parse_value is not None
    assert COLOR.parse_value("#ffcc00") == "#FFCC00"
    for value in ("ffcc00", "#fc0", "#ffcc00ff", "#gggggg", "#ffcc00\n", 0xFFCC00, None):
        with pytest.raises(ValueError, match="a Color is #RRGGBB"):
            COLOR.parse_value(value)
