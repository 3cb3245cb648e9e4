"""From exceptions to codes."""

from enum import Enum
from types import SimpleNamespace
from typing import Any

import pymongo.errors
import pytest
import redis.exceptions
import strawberry
import structlog

from access.errors import Forbidden, NotFound, RateLimited, Unauthenticated
from documents.errors import NodeMissing
from events.errors import EventsUnavailable
from resolvers.errors import BadUserInput, Unavailable
from schema.root import build_schema
from schema.scalars import Color


@strawberry.enum
class Size(Enum):
    SMALL = "small"


@strawberry.type
class Query:
    @strawberry.field
    def fail(self, info: strawberry.Info[Any, None]) -> str | None:
        raise info.context.error

    @strawberry.field
    def paint(self, color: Color, size: Size = Size.SMALL, times: int = 1) -> str:
        return f"{color}{size.value}{times}"

    @strawberry.field
    def size(self) -> Size:
        return Size.SMALL

    @strawberry.field
    def broken(self) -> str:
        return None  # type: ignore[return-value]  # the point of the test


async def errors_of(
    document: str, variables: dict[str, Any] | None = None, error: Exception | None = None
) -> list[dict[str, Any]]:
    context = SimpleNamespace(request_id="req-1", error=error)
    schema = build_schema(query=Query, mutation=None)
    result = await schema.execute(document, variables, context_value=context)
    return [dict(error.formatted) for error in result.errors or ()]


@pytest.mark.parametrize(
    ("error", "extensions", "message"),
    [
        (Unauthenticated(), {"code": "UNAUTHENTICATED"}, "Sign in first"),
        (Forbidden("No."), {"code": "FORBIDDEN"}, "No."),
        (NotFound("Frame"), {"code": "NOT_FOUND"}, "Frame not found."),
        (NodeMissing("Frame"), {"code": "NOT_FOUND"}, "Frame not found."),
        (RateLimited(2.2), {"code": "RATE_LIMITED", "retryAfter": 3}, "Too many requests"),
        (
            BadUserInput("input.id", "No id."),
            {"code": "BAD_USER_INPUT", "field": "input.id"},
            "input.id: No id.",
        ),
        (Unavailable("The queue is down."), {"code": "UNAVAILABLE"}, "The queue is down."),
        (EventsUnavailable("redis-7.internal"), {"code": "UNAVAILABLE"}, "does not answer"),
        (pymongo.errors.AutoReconnect("db-3.internal"), {"code": "UNAVAILABLE"}, "does not answer"),
        (redis.exceptions.ConnectionError("redis-7.internal"), {"code": "UNAVAILABLE"}, "does not answer"),
        (RuntimeError("the secret plan"), {"code": "INTERNAL", "requestId": "req-1"}, "req-1"),
        (ValueError("the secret plan"), {"code": "INTERNAL", "requestId": "req-1"}, "req-1"),
    ],
)
async def test_each_exception_has_its_code(
    error: Exception, extensions: dict[str, Any], message: str
) -> None:
    (shown,) = await errors_of("{ fail }", error=error)
    assert shown["extensions"] == extensions
    assert message in shown["message"]
    assert "internal" not in shown["message"]
    assert "secret" not in shown["message"]
    assert shown["path"] == ["fail"]


async def test_a_defect_is_logged_with_its_request_and_a_refusal_is_not() -> None:
    with structlog.testing.capture_logs() as lines:
        await errors_of("{ fail }", error=NotFound("Frame"))
        assert lines == []
        await errors_of("{ fail }", error=RuntimeError("the secret plan"))
    assert [(line["event"], line["request_id"], line["path"]) for line in lines] == [
        ("operation_failed", "req-1", "fail")
    ]
    assert str(lines[0]["exc_info"][1]) == "the secret plan"


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ paint(color: "red") }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ paint(color: "#FFCC00", size: BIG) }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($c: Color!) { paint(color: $c) }", {}, "BAD_USER_INPUT"),
        ("query($c: Color!) { paint(color: $c) }", {"c": "red"}, "BAD_USER_INPUT"),
        ("query($c: Color!) { paint(color: $c) }", {"c": 5}, "BAD_USER_INPUT"),
        ('query($t: Int) { paint(color: "#FFCC00", times: $t) }', {"t": 2**31}, "BAD_USER_INPUT"),
        ('query($s: Size) { paint(color: "#FFCC00", size: $s) }', {"s": "BIG"}, "BAD_USER_INPUT"),
        ("{ broken }", {}, "INTERNAL"),
    ],
)
async def test_what_the_library_finds_wrong_has_a_code_too(
    document: str, variables: dict[str, Any], code: str
) -> None:
    (shown,) = await errors_of(document, variables)
    assert shown["extensions"]["code"] == code


async def test_the_same_document_is_judged_alike_the_second_time() -> None:
    for _ in range(2):
        (shown,) = await errors_of("{ paint }")
        assert shown["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        (shown,) = await errors_of("{ paint(")
        assert shown["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


async def test_enums_are_written_by_name() -> None:
    schema = build_schema(query=Query, mutation=None)
    result = await schema.execute("{ size }", context_value=SimpleNamespace(request_id="r"))
    assert result.data == {"size": "SMALL"}
