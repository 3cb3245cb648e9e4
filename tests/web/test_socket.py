"""graphql-transport-ws: the protocol's closings, errors with codes, and tokens that run out."""

import asyncio
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from documents.accounts.session import Session
from tests.web.served import Running, Serve, introduced_socket, opened_socket, sign_up, tasks_are_gone


async def test_queries_mutations_and_subscriptions_run(server: Running) -> None:
    async with introduced_socket(server) as socket:
        assert await socket.run("{ version }") == [
            {"id": "1", "type": "next", "payload": {"data": {"version": "0.1.0"}}},
            {"id": "1", "type": "complete"},
        ]
        assert (await socket.run('mutation { shout(text: "a") }'))[0]["payload"]["data"] == {"shout": "A"}
        numbers = await socket.run("subscription($n: Int!) { count(to: $n) }", variables={"n": 3})
        assert [message["payload"]["data"]["count"] for message in numbers[:-1]] == [0, 1, 2]


@pytest.mark.parametrize(
    "frame",
    [
        "[1]",
        "1",
        "null",
        '"x"',
        "{",
        "",
        "{}",
        '{"type":1}',
        '{"type":"nonsense"}',
        b"{}",
        "[" * 100_000,
        '{"type":"subscribe"}',
        '{"type":"subscribe","id":1,"payload":{"query":"{version}"}}',
        '{"type":"subscribe","id":["x"],"payload":{"query":"{version}"}}',
        '{"type":"subscribe","id":"a","payload":[]}',
        '{"type":"subscribe","id":"a","payload":{"query":1}}',
        '{"type":"complete","id":{}}',
        '{"type":"subscribe","id":"a","payload":{"query":"{version}","variables":[]}}',
        '{"type":"subscribe","id":"a","payload":{"query":"{version}","operationName":1}}',
        '{"type":"complete"}',
        '{"type":"connection_init","payload":[]}',
    ],
    ids=lambda frame: repr(frame[:40]),
)
async def test_a_frame_that_is_no_message_closes_with_4400(server: Running, frame: str | bytes) -> None:
    async with introduced_socket(server) as socket:
        await socket.send(frame)
        code, reason = await socket.close_code()
        assert (code, bool(reason)) == (4400, True)


async def test_subscribing_before_the_introduction_closes_with_4401(server: Running) -> None:
    async with opened_socket(server) as socket:
        await socket.subscribe("{ version }")
        assert (await socket.close_code())[0] == 4401


@pytest.mark.parametrize("value", ["Bearer nonsense", "Basic abc", 5, {"a": 1}, ""])
async def test_a_bad_token_closes_with_4403(server: Running, value: Any) -> None:
    async with opened_socket(server) as socket:
        await socket.send({"type": "connection_init", "payload": {"Authorization": value}})
        assert (await socket.close_code())[0] == 4403


async def test_silence_closes_with_4408(serve: Serve) -> None:
    async with serve(connection_init_timeout_s=0.1) as server, opened_socket(server) as socket:
        assert (await socket.close_code())[0] == 4408


async def test_an_id_in_use_closes_with_4409(server: Running) -> None:
    async with introduced_socket(server) as socket:
        await socket.subscribe("subscription { count(to: 9, everyS: 5) }")
        await socket.subscribe("{ version }")
        assert (await socket.close_code())[0] == 4409


async def test_a_second_introduction_closes_with_4429(server: Running) -> None:
    async with introduced_socket(server) as socket:
        await socket.send({"type": "connection_init"})
        assert (await socket.close_code())[0] == 4429


async def test_the_old_protocol_is_not_spoken(server: Running) -> None:
    async with server.socket("graphql-ws") as connection:
        await connection.wait_closed()
        assert connection.close_code == 4406


async def test_a_message_beyond_the_limit_closes_with_1009(serve: Serve) -> None:
    async with serve(config={"ws_max_size": 1_000}) as server, introduced_socket(server) as socket:
        await socket.subscribe("{ version " + " " * 2_000 + "}")
        assert (await socket.close_code())[0] == 1009


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { version } query B { version }", "BAD_USER_INPUT"),
        ("fragment A on Query { version }", "BAD_USER_INPUT"),
        ("", "BAD_USER_INPUT"),
        ("subscription($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
        ("{ version " + "version " * 3_000 + "}", "QUERY_TOO_COMPLEX"),
    ],
)
async def test_a_refused_operation_is_an_error_message_and_the_socket_stays(
    server: Running, document: str, code: str
) -> None:
    async with introduced_socket(server) as socket:
        for _ in range(2):  # the second time from the caches
            (message,) = await socket.run(document)
            assert message["type"] == "error"
            assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        assert (await socket.run("{ version }"))[0]["type"] == "next"


async def test_a_query_whose_variables_are_wrong_answers_once(server: Running) -> None:
    async with introduced_socket(server) as socket:
        answer, _ = await socket.run("query($t: String!) { echo(text: $t) }")
        assert answer["payload"]["data"] is None
        assert [error["extensions"]["code"] for error in answer["payload"]["errors"]] == ["BAD_USER_INPUT"]


async def test_defects_are_masked(server: Running) -> None:
    async with introduced_socket(server) as socket:
        messages = await socket.run("subscription { fail }") + await socket.run("{ boom }")
        assert "secret" not in str(messages)
        codes = [
            error["extensions"]["code"]
            for one in messages
            for error in one.get("payload", {}).get("errors", ())
        ]
        assert codes == ["INTERNAL", "INTERNAL"]


async def test_slow_queries_are_stopped_and_streams_are_not(serve: Serve) -> None:
    async with serve(timeout_s=0.2) as server, introduced_socket(server) as socket:
        (message,) = await socket.run("{ slow(seconds: 5) }")
        assert message["payload"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert len(await socket.run("subscription { count(to: 3, everyS: 0.15) }")) == 4


async def test_operations_of_one_socket_do_not_share_a_context(server: Running, token: str) -> None:
    async with introduced_socket(server, token) as socket:
        await socket.subscribe("{ slow(seconds: 0.3) operation viewer { name } }", "a")
        await socket.subscribe("{ slow(seconds: 0.3) operation viewer { name } }", "b")
        found = [await socket.receive() for _ in range(4)]
        data = [message["payload"]["data"] for message in found if message["type"] == "next"]
        assert [one["viewer"]["name"] for one in data] == ["Ana", "Ana"]
        assert data[0]["operation"] != data[1]["operation"]


async def test_the_token_may_come_in_the_handshake(server: Running, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    async with opened_socket(server, additional_headers=headers) as socket:
        await socket.send({"type": "connection_init"})
        assert (await socket.receive())["type"] == "connection_ack"
        assert (await socket.run("{ viewer { name } }"))[0]["payload"]["data"]["viewer"]["name"] == "Ana"


async def test_a_session_that_ends_closes_its_socket_with_4403(serve: Serve) -> None:
    async with serve(reauthenticate_s=0.1) as server:
        token = await sign_up(server)
        async with introduced_socket(server, token) as socket, introduced_socket(server) as nobody:
            await socket.subscribe("subscription { count(to: 1000, everyS: 0.05) }")
            assert (await socket.receive())["payload"]["data"] == {"count": 0}
            await asyncio.sleep(0.3)  # several checks pass while the session is open
            claims = server.services.tokens.read(token)
            await Session.get_pymongo_collection().delete_one({"_id": claims.session_id})
            assert (await socket.close_code())[0] == 4403
            assert (await nobody.run("{ version }"))[0]["type"] == "next"


async def test_pages_of_other_origins_are_refused_before_anything_else(serve: Serve) -> None:
    async with serve(allowed_origins=("https://studio.example",)) as server:
        async with opened_socket(server, origin="https://studio.example") as socket:
            await socket.send({"type": "ping"})
            assert (await socket.receive())["type"] == "pong"
        for origin in ("https://evil.example", "null", "https://studio.example.evil.example"):
            with pytest.raises(InvalidStatus) as refused:
                async with opened_socket(server, origin=origin):
                    pass
            assert refused.value.response.status_code == 403


async def test_more_operations_than_allowed_are_refused_one_by_one(serve: Serve) -> None:
    async with serve(max_operations_per_socket=1) as server, introduced_socket(server) as socket:
        await socket.subscribe("subscription { count(to: 9, everyS: 5) }", "a")
        await socket.subscribe("{ version }", "b")
        found = [await socket.receive(), await socket.receive()]
        assert {(message["id"], message["type"]) for message in found} == {("a", "next"), ("b", "error")}


async def test_a_client_that_leaves_ends_its_subscriptions(server: Running) -> None:
    before = len(asyncio.all_tasks())
    for _ in range(3):
        async with introduced_socket(server) as socket:
            await socket.subscribe("subscription { count(to: 9, everyS: 60) }")
            await socket.receive()
    await tasks_are_gone(before)
