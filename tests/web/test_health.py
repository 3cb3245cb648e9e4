"""Health, metrics and logs."""

import asyncio

import httpx
import structlog
from redis.asyncio import Redis

from tests.web.served import Running, Serve, introduced_socket


async def get(server: Running, path: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(f"{server.url}{path}")


async def test_a_process_whose_loop_turns_lives(server: Running) -> None:
    response = await get(server, "/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_readiness_names_what_is_down_and_tells_no_address(serve: Serve, redis_client: Redis) -> None:
    gone = Redis.from_url("redis://127.0.0.1:1/0")

    async def hang() -> None:
        await asyncio.sleep(60)

    probes = {"redis": lambda: gone.exists("x"), "s3": hang, "mongodb": lambda: redis_client.exists("x")}
    async with serve(probes=probes, probe_timeout_s=0.3) as server:
        response = await get(server, "/health/ready")
        assert response.status_code == 503
        checks = response.json()["checks"]
        assert {name: check["ok"] for name, check in checks.items()} == {
            "redis": False,
            "s3": False,
            "mongodb": True,
        }
        assert "127.0.0.1" not in response.text
        assert (await get(server, "/health/live")).status_code == 200
    await gone.aclose()


async def test_readiness_with_everything_there(serve: Serve, redis_client: Redis) -> None:
    async with serve(probes={"redis": lambda: redis_client.exists("x")}) as server:
        response = await get(server, "/health/ready")
        assert (response.status_code, response.json()["status"]) == (200, "ok")


async def test_metrics_have_bounded_labels(server: Running) -> None:
    await server.query("query Evil_12345 { version }")
    await server.query("query { nothing_12345 }")
    await server.query("{ boom }")
    await get(server, "/path_12345")
    async with introduced_socket(server):
        text = (await get(server, "/metrics")).text
    assert 'framewright_graphql_operation_seconds_count{field="version",kind="query"}' in text
    assert 'framewright_graphql_operation_seconds_count{field="",kind="refused"}' in text
    assert 'framewright_graphql_errors_total{code="INTERNAL"}' in text
    assert 'framewright_http_requests_total{route="other",status="404"}' in text
    assert "framewright_graphql_sockets 1.0" in text
    assert "12345" not in text


async def test_logs_carry_the_request_id_and_nothing_that_a_client_sent(server: Running) -> None:
    with structlog.testing.capture_logs() as lines:
        await server.query(
            "query($t: String!) { echo(text: $t) }",
            {"t": "hunter2"},
            **{"x-request-id": "request-77", "authorization": "Bearer hunter3"},
        )
        await server.query('{ echo(text: "hunter4", x: 1) }')
    assert "hunter" not in str(lines)
    operation = next(line for line in lines if line["event"] == "operation")
    assert (operation["request_id"], operation["kind"], operation["field"]) == ("request-77", "query", "echo")
    request = next(line for line in lines if line["event"] == "request")
    assert (request["method"], request["path"], request["status"]) == ("POST", "/graphql", 200)
