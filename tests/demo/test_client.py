"""The demo as a client: what it does when connections drop, events are lost, or the API says no."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from demo.client import Client
from demo.errors import DemoFailed, Refused

DOCUMENT = "subscription($after: String) { projectEvents(after: $after) { cursor } }"


@asynccontextmanager
async def speaking(answers: list[list[dict[str, Any]]]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A server whose connections give one list of messages each, then drop; and the `after` of each."""
    asked: list[Any] = []

    async def talk(socket: ServerConnection) -> None:
        assert json.loads(await socket.recv())["type"] == "connection_init"
        await socket.send('{"type": "connection_ack"}')
        asked.append(json.loads(await socket.recv())["payload"]["variables"]["after"])
        for message in answers[len(asked) - 1]:
            await socket.send(json.dumps({"id": "1", **message}))
        if not answers[len(asked) :]:
            await socket.wait_closed()
        socket.transport.abort()

    async with serve(talk, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-transport-ws")]) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked


def event(cursor: str) -> dict[str, Any]:
    return {"type": "next", "payload": {"data": {"projectEvents": {"cursor": cursor}}}}


async def collected(url: str, count: int) -> list[str]:
    cursors: list[str] = []
    async with Client(url) as client, aclosing(client.follow(DOCUMENT, {}, "e:0")) as events:
        async for each in events:
            if each is not None:
                cursors.append(each["cursor"])
            if len(cursors) == count:
                break
    return cursors


async def test_a_dropped_connection_goes_on_behind_the_last_event() -> None:
    answers = [[event("e:1"), event("e:2")], [], [{"type": "ping"}, event("e:3")]]
    async with speaking(answers) as (url, asked):
        assert await asyncio.wait_for(collected(url, 3), 10) == ["e:1", "e:2", "e:3"]
    assert asked == ["e:0", "e:2", "e:2"]


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "UNAVAILABLE"])
async def test_errors_that_pass_are_tried_again(code: str) -> None:
    error = {"message": "no", "extensions": {"code": code}}
    answers = [[{"type": "error", "payload": [error]}], [event("e:1")]]
    async with speaking(answers) as (url, _):
        assert await asyncio.wait_for(collected(url, 1), 10) == ["e:1"]


async def test_errors_that_stay_end_it() -> None:
    error = {"message": "It is not there.", "extensions": {"code": "NOT_FOUND"}}
    async with speaking([[{"type": "error", "payload": [error]}]]) as (url, _):
        with pytest.raises(Refused, match="NOT_FOUND: It is not there"):
            await asyncio.wait_for(collected(url, 1), 10)


async def test_an_address_where_nothing_listens_is_named() -> None:
    async with Client("http://127.0.0.1:9") as client:
        with pytest.raises(DemoFailed, match=r"http://127\.0\.0\.1:9/graphql gave no answer"):
            await client.ask("{ version }", {})
