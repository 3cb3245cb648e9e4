from enum import Enum, StrEnum

import pytest
import strawberry

from schema.enums import describe


class Pace(StrEnum):
    SLOW = "slow"
    FAST = "fast"


def test_member_without_a_description_stops_the_start() -> None:
    class Gait(Enum):
        WALK = "WALK"
        TROT = "TROT"

    with pytest.raises(ValueError, match=r"^Gait has members without a description: TROT\.$"):
        describe(Gait, "How a horse goes.", {Gait.WALK: "Four beats."})


def test_described_enum_goes_in_and_out_as_its_member_and_is_documented() -> None:
    seen: list[Pace] = []
    describe(Pace, "How fast.", {Pace.SLOW: "Less than real time.", Pace.FAST: "More."}, name="Speed")

    @strawberry.type
    class Query:
        @strawberry.field
        def other(self, pace: Pace) -> Pace:
            seen.append(pace)
            return Pace.FAST if pace is Pace.SLOW else Pace.SLOW

    schema = strawberry.Schema(Query)
    result = schema.execute_sync("{ other(pace: SLOW) }")
    assert (result.data, result.errors) == ({"other": "FAST"}, None)
    assert seen == [Pace.SLOW]
    assert '"""How fast."""\nenum Speed {\n  """Less than real time."""\n  SLOW' in schema.as_str()
