"""Server-sent events: for those whose network lets no WebSocket through."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from documents.accounts.session import Session
from tests.web.served import Running, Serve, sign_up, tasks_are_gone


async def events(server: Running, document: str, **headers: str) -> AsyncIterator[tuple[str, Any]]:
    async with (
        httpx.AsyncClient() as client,
        client.stream(
            "POST",
            server.graphql,
            json={"query": document},
            headers={"accept": "text/event-stream", **headers},
        ) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                data = line.removeprefix("data:").strip()
                yield name, json.loads(data) if data else None


async def test_subscriptions_and_queries_are_streamed(server: Running) -> None:
    found = [event async for event in events(server, "subscription { count(to: 2) }")]
    assert found == [("next", {"data": {"count": 0}}), ("next", {"data": {"count": 1}}), ("complete", None)]
    found = [event async for event in events(server, "{ version }")]
    assert found == [("next", {"data": {"version": "0.1.0"}}), ("complete", None)]


async def test_errors_have_codes_and_defects_are_masked(server: Running) -> None:
    for document, code in (
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { version } query B { version }", "BAD_USER_INPUT"),
        ("subscription { fail }", "INTERNAL"),
    ):
        found = [event async for event in events(server, document)]
        assert found[-1] == ("complete", None)
        assert found[-2][1]["errors"][0]["extensions"]["code"] == code
        assert "secret" not in str(found)


async def test_a_stream_ends_with_its_session(serve: Serve) -> None:
    async with serve(reauthenticate_s=0.1) as server:
        token = await sign_up(server)
        stream = events(
            server, "subscription { count(to: 1000, everyS: 0.03) }", authorization=f"Bearer {token}"
        )
        found: list[tuple[str, Any]] = []
        async with asyncio.timeout(10):
            async for event in stream:
                found.append(event)
                if len(found) == 10:
                    session_id = server.services.tokens.read(token).session_id
                    await Session.get_pymongo_collection().delete_one({"_id": session_id})
        assert found[-1] == ("complete", None)
        assert found[-2][1]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert found[0] == ("next", {"data": {"count": 0}})


async def test_an_idle_stream_ends_with_its_session_too(serve: Serve) -> None:
    async with serve(reauthenticate_s=0.1) as server:
        token = await sign_up(server)
        async with asyncio.timeout(10):
            async for name, data in events(  # noqa: B007 - the last one is looked at
                server, "subscription { count(to: 9, everyS: 60) }", authorization=f"Bearer {token}"
            ):
                if "data" in (data or {}) and data["data"]:
                    session_id = server.services.tokens.read(token).session_id
                    await Session.get_pymongo_collection().delete_one({"_id": session_id})
        assert name == "complete"


async def test_a_client_that_leaves_ends_its_stream(server: Running) -> None:
    before = len(asyncio.all_tasks())
    stream = events(server, "subscription { count(to: 9, everyS: 60) }")
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]  # an async generator
    await tasks_are_gone(before)
