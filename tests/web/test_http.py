"""GraphQL over HTTP: what passes, and that every refusal is JSON with a code."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.web.served import Running, Serve
from web.refusals import GRAPHQL_JSON

JSON = {"content-type": "application/json"}


async def raw(
    server: Running, content: Any, headers: dict[str, str] | None = None, method: str = "POST"
) -> Any:
    async with httpx.AsyncClient() as client:
        return await client.request(
            method, server.graphql, content=content, headers=headers or JSON, timeout=20
        )


def refused(response: httpx.Response, status: int, code: str = "BAD_USER_INPUT") -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code
    return str(error["message"])


async def test_query_and_mutation_answer_at_the_exact_path(server: Running) -> None:
    response = await server.post({"query": "{ version }"})
    assert (response.status_code, response.json()) == (200, {"data": {"version": "0.1.0"}})
    assert (await server.query('mutation { shout(text: "é$x") }'))["data"] == {"shout": "É$X"}
    async with httpx.AsyncClient() as client:
        assert refused(await client.post(f"{server.graphql}/", json={}), 404, "NOT_FOUND") == "Not Found."


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"1",
        b'"x"',
        b"[]",
        b'[{"query":"{version}"}]',
        b"",
        b"{",
        b"\xff\xfe",
        b'{"query":NaN}',
        b"[" * 100_000,
        b'{"query": 1}',
        b'{"query":"{version}","variables":[]}',
        b'{"query":"{version}","operationName":1}',
        b'{"query":"{version}","extensions":"x"}',
        b"{}",
        b'{"query":null}',
        b'{"query":""}',
        b'{"query":"\\ud800"}',
    ],
    ids=lambda body: repr(body[:30]),
)
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_JSON, "text/event-stream"])
async def test_a_body_that_is_no_request_is_refused(server: Running, body: bytes, accept: str) -> None:
    response = await raw(server, body, {**JSON, "accept": accept})
    if accept == "text/event-stream" and response.status_code == 200:
        # What can be read as a request is answered in the stream.
        assert '"code":"BAD_USER_INPUT"' in response.text
    else:
        refused(response, 400)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/application/json",
        "application/json; charset=utf-16",
        "application/jsonp",
        "text/plain; application/json",
    ],
)
async def test_other_media_types_are_refused_whoever_could_send_them(
    server: Running, content_type: str
) -> None:
    body = b'{"query":"mutation { shout(text: \\"a\\") }"}'
    response = await raw(server, body, {"content-type": content_type} if content_type else {"x-none": "1"})
    refused(response, 415)


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'application/json;charset="UTF-8"']
)
async def test_json_in_utf8_may_say_so(server: Running, content_type: str) -> None:
    response = await raw(server, b'{"query":"{version}"}', {"content-type": content_type})
    assert response.json() == {"data": {"version": "0.1.0"}}


async def test_compressed_requests_are_refused(server: Running) -> None:
    refused(await raw(server, b"x", {**JSON, "content-encoding": "gzip"}), 415)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_told_the_right_one(server: Running, method: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.request(method, server.graphql, params={"query": "{version}"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_get_is_for_queries_alone_where_it_is_on(serve: Serve) -> None:
    async with serve(allow_get=True) as server, httpx.AsyncClient() as client:
        found = await client.get(
            server.graphql, params={"query": "{version}"}, headers={"accept": "application/json"}
        )
        assert found.json() == {"data": {"version": "0.1.0"}}
        response = await client.get(server.graphql, params={"query": 'mutation { shout(text: "a") }'})
        assert response.headers["allow"] == "POST"
        refused(response, 405)
        refused(await client.get(server.graphql, params={"query": "{version}", "variables": "[]"}), 400)
        refused(await client.get(server.graphql), 400)


async def test_a_body_beyond_the_limit_is_refused_announced_or_not(serve: Serve) -> None:
    async with serve(max_body_bytes=1_000) as server:
        body = json.dumps({"query": "{version}", "variables": {"x": "a" * 1_000}}).encode()
        refused(await raw(server, body), 413)

        async def chunks() -> Any:
            for start in range(0, len(body), 100):
                yield body[start : start + 100]

        refused(await raw(server, chunks()), 413)
        assert (await server.query("{version}"))["data"]


async def test_a_body_that_does_not_arrive_is_not_waited_for(serve: Serve) -> None:
    async with serve(body_timeout_s=0.1) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        writer.write(f'{head}Content-Length: 99\r\n\r\n{{"query":'.encode())
        async with asyncio.timeout(5):
            answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"BAD_USER_INPUT" in answer
        writer.close()


@pytest.mark.parametrize(
    ("document", "code", "status"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", 400),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", 400),
        ("query A { version } query B { version }", "BAD_USER_INPUT", 400),
        ("query A { version } mutation B { shout(text: 1) }", "BAD_USER_INPUT", 400),
        ("subscription { count(to: 3) }", "BAD_USER_INPUT", 400),
        ("fragment A on Query { version }", "BAD_USER_INPUT", 400),
        ("query($t: String!) { echo(text: $t) }", "BAD_USER_INPUT", 400),
        ("{ version " + "version " * 3_000 + "}", "QUERY_TOO_COMPLEX", 400),
    ],
)
async def test_what_is_refused_whole_has_the_status_of_its_media_type(
    server: Running, document: str, code: str, status: int
) -> None:
    for accept, expected in ((GRAPHQL_JSON, status), ("application/json", 200), ("*/*", 200)):
        response = await server.post({"query": document}, accept=accept)
        assert response.status_code == expected
        media_type = GRAPHQL_JSON if accept == GRAPHQL_JSON else "application/json"
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
        answer = response.json()
        assert "data" not in answer
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (f"{GRAPHQL_JSON}, application/json;q=0.9", GRAPHQL_JSON),
        (f"application/json, {GRAPHQL_JSON};q=0.5", "application/json"),
        (f"{GRAPHQL_JSON};q=0", "application/json"),
        (f"{GRAPHQL_JSON}; charset=utf-8", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=x", "application/json"),
        ("image/png", "application/json"),
    ],
)
async def test_the_media_type_is_negotiated(server: Running, accept: str, media_type: str) -> None:
    response = await server.post({"query": "{version}"}, accept=accept)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


async def test_an_unknown_operation_name_is_refused(server: Running) -> None:
    response = await server.post({"query": "query A { version }", "operationName": "B"}, accept=GRAPHQL_JSON)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_errors_inside_keep_their_data_and_defects_are_masked(server: Running) -> None:
    answer = await server.query('{ version boom refuse(how: "missing") }')
    assert answer["data"] == {"version": "0.1.0", "boom": None, "refuse": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL", "NOT_FOUND"}
    assert "secret" not in json.dumps(answer)


async def test_operations_that_take_too_long_are_stopped(serve: Serve) -> None:
    async with serve(timeout_s=0.2) as server:
        response = await server.post({"query": "{ slow(seconds: 5) }"}, accept=GRAPHQL_JSON)
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "0.2 s" in response.json()["errors"][0]["message"]


async def test_a_token_in_the_header_names_the_viewer(server: Running, token: str) -> None:
    document = "{ viewer { name } }"
    assert (await server.query(document, authorization=f"Bearer {token}"))["data"] == {
        "viewer": {"name": "Ana"}
    }
    assert (await server.query(document, authorization=f"bearer   {token}"))["data"]["viewer"]
    for header in ("Bearer nonsense", f"Basic {token}", "Bearer", "é"):
        assert (await server.query(document, authorization=header.encode()))["data"] == {"viewer": None}  # type: ignore[arg-type]  # httpx takes bytes as well


async def test_a_sane_request_id_is_kept_and_another_replaced(server: Running) -> None:
    response = await server.post({"query": "{boom}"}, **{"x-request-id": "client-42_a.b"})
    assert response.headers["x-request-id"] == "client-42_a.b"
    assert response.json()["errors"][0]["extensions"]["requestId"] == "client-42_a.b"
    for silly in ("short", "a" * 65, "with space", "<script>alert(1)</script>"):
        response = await server.post({"query": "{version}"}, **{"x-request-id": silly})
        assert len(response.headers["x-request-id"]) == 32


async def test_browsers_of_other_origins_are_let_in_by_name(serve: Serve) -> None:
    asking = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
    }
    async with serve(allowed_origins=("https://studio.example",)) as server, httpx.AsyncClient() as client:
        good = await client.options(server.graphql, headers={"origin": "https://studio.example", **asking})
        assert good.headers["access-control-allow-origin"] == "https://studio.example"
        bad = await client.options(server.graphql, headers={"origin": "https://evil.example", **asking})
        assert bad.status_code == 400
        assert "access-control-allow-origin" not in bad.headers


async def test_each_request_has_a_context_of_its_own(server: Running) -> None:
    first, second = await asyncio.gather(server.query("{ operation }"), server.query("{ operation }"))
    assert first["data"]
    assert second["data"]
