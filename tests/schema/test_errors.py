from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from resolvers.outcome import Outcome, UserErrorCode
from schema.errors import Payload, result_field


@dataclass
class StoredLamp:
    watts: int


@strawberry.type(description="A lamp.")
class Lamp:
    watts: int = strawberry.field(description="In watts.")


@strawberry.type(description="What came of dimming.")
class DimPayload(Payload):
    lamp = result_field(Lamp, "The lamp.")
    again = result_field(Annotated["Lamp", strawberry.lazy(__name__)], "The lamp, referred to lazily.")


def executed(outcome: Outcome[StoredLamp]) -> Any:
    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=DimPayload)  # type: ignore[untyped-decorator]  # as in schema/
        def dim(self) -> Outcome[StoredLamp]:
            return outcome

    document = "{ dim { lamp { watts } again { watts } userErrors { code field message } } }"
    result = strawberry.Schema(Query).execute_sync(document)
    assert result.errors is None
    assert result.data is not None
    return result.data["dim"]


def test_result_stands_beside_no_errors() -> None:
    assert executed(Outcome(StoredLamp(40))) == {
        "lamp": {"watts": 40},
        "again": {"watts": 40},
        "userErrors": [],
    }


def test_refusal_is_null_beside_what_to_mend() -> None:
    refused: Outcome[StoredLamp] = Outcome.refused(UserErrorCode.INVALID, "Too dark.", at="input.watts")
    assert executed(refused) == {
        "lamp": None,
        "again": None,
        "userErrors": [{"code": "INVALID", "field": "input.watts", "message": "Too dark."}],
    }


def test_conflict_shows_the_current_thing_as_well() -> None:
    conflict = Outcome.refused(UserErrorCode.REVISION_CONFLICT, "Changed.", result=StoredLamp(60))
    assert executed(conflict)["lamp"] == {"watts": 60}
