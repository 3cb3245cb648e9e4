from datetime import UTC, datetime

import pytest
from beanie import PydanticObjectId
from graphql import GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType
from hypothesis import given
from hypothesis import strategies as st

from documents.newest_first import Spot
from resolvers.errors import BadUserInput
from schema.newest_first import cursor, window
from schema.root import build_schema

OIDS = st.binary(min_size=12, max_size=12).map(PydanticObjectId)
FIRST, LAST = (datetime(year, 1, 1) for year in (1970, 2200))  # noqa: DTZ001 - Hypothesis wants naive bounds
TIMES = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)).map(
    lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)
)


@given(TIMES, OIDS)
def test_a_cursor_comes_back_as_it_was(at: datetime, oid: PydanticObjectId) -> None:
    text = cursor(at, oid)
    assert window(None, text, None, None).after == Spot(at, oid)
    assert window(None, None, 3, text).before == Spot(at, oid)


@given(st.text())
def test_what_is_no_cursor_is_the_clients_mistake(text: str) -> None:
    with pytest.raises(BadUserInput):
        window(None, text, None, None)


def test_a_page_has_twenty_members_unless_it_says_otherwise() -> None:
    assert window(None, None, None, None).size == 20
    assert window(0, None, None, None).size == 0
    assert window(None, None, 7, None).from_end
    for first, last in ((-1, None), (None, -1), (1, 1)):
        with pytest.raises(BadUserInput):
            window(first, None, last, None)


@pytest.mark.parametrize(
    "name",
    [
        "Job", "JobConnection", "JobEdge", "JobError", "JobEstimate", "Render", "RenderConnection",
        "ProductionEstimate", "StageEstimate", "PieceCount", "Offer", "VoiceOffer", "Price", "Money",
        "NodeChanged", "AssetReady", "ProjectChanged", "JobChanged", "JobProgressed", "ResyncRequired",
        "Subscription",
    ],
)  # fmt: skip
def test_every_field_and_argument_is_described(name: str) -> None:
    schema = build_schema()._schema
    kind: GraphQLNamedType | None = schema.get_type(name)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    assert kind.description
    for field_name, field in kind.fields.items():
        assert field.description, field_name
        for argument_name, argument in field.args.items():
            assert argument.description, f"{field_name}({argument_name})"
