"""What operations cost, as clients are told over HTTP and WebSocket."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest_asyncio

from access.cost_budgets import Charge, CostBudgets, CostMeter
from resolvers import costs
from resolvers.context import Context
from tests.web.served import Running, Serve, introduced_socket, sign_up

GRAPHQL_JSON = "application/graphql-response+json"
TEN = "{ " + " ".join(f"a{i}: echo(text: {chr(34)}x{chr(34)})" for i in range(10)) + " }"


@pytest_asyncio.fixture
async def meter(redis_url: str) -> AsyncIterator[CostMeter]:
    budgets = CostBudgets(cost_per_user="25 per minute", cost_per_address="1000 per minute")
    opened = CostMeter(redis_url, budgets=budgets, key_prefix=f"test:{uuid4().hex}")
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def charged(serve: Serve, meter: CostMeter) -> AsyncIterator[Running]:
    async def charge(context: Context, cost: int) -> Charge | None:
        return await costs.charge(replace(context, services=replace(context.services, costs=meter)), cost)

    async with serve(charge=charge) as running:
        yield running


async def _signed_in(server: Running) -> dict[str, str]:
    return {"authorization": f"Bearer {await sign_up(server)}"}


async def test_answers_say_what_they_cost_and_what_is_left(charged: Running) -> None:
    response = await charged.post({"query": TEN}, **await _signed_in(charged))
    cost: dict[str, Any] = response.json()["extensions"]["cost"]
    assert {**cost, "resetS": 24} == {
        "requested": 10,
        "remaining": 15,
        "limit": 25,
        "resetS": 24,
        "budget": "user",
        "windowS": 60,
    }
    assert 23 <= cost["resetS"] <= 24
    assert response.headers["ratelimit-policy"] == '"user";q=25;w=60'
    assert response.headers["ratelimit"] == '"user";r=15;t=24'


async def test_a_spent_budget_is_429_with_the_time_to_come_back(charged: Running) -> None:
    headers = await _signed_in(charged)
    for _ in range(2):
        await charged.post({"query": TEN}, **headers)
    response = await charged.post({"query": TEN}, accept=GRAPHQL_JSON, **headers)
    assert response.status_code == 429
    body = response.json()
    assert "data" not in body
    assert body["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 12}
    assert body["extensions"]["cost"]["remaining"] == 5
    assert response.headers["retry-after"] == "12"
    assert response.headers["ratelimit"].startswith('"user";r=5;')


async def test_what_is_not_valid_costs_too(charged: Running) -> None:
    headers = await _signed_in(charged)
    refused = await charged.query("{ nothingOfTheKind }", None, **headers)
    assert refused["extensions"]["cost"]["requested"] == 1
    too_many = await charged.query("{ " + " ".join(f"a{i}: echo(text: {i})" for i in range(60)) + " }")
    assert too_many["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert too_many["extensions"]["cost"]["requested"] == 10


async def test_operations_over_a_socket_come_out_of_the_same_budget(charged: Running) -> None:
    headers = await _signed_in(charged)
    await charged.post({"query": TEN}, **headers)
    async with introduced_socket(charged, headers["authorization"].removeprefix("Bearer ")) as socket:
        first = await socket.run(TEN)
        assert first[0]["payload"]["extensions"]["cost"]["remaining"] == 5
        second = await socket.run(TEN, id="2")
        assert [message["type"] for message in second] == ["error"]
        assert second[0]["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        refused = await socket.run("subscription { count(to: 3) }", id="3")
        assert refused[0]["payload"]["extensions"]["cost"]["requested"] == 1
        assert [("extensions" in message["payload"]) for message in refused[1:-1]] == [False, False]
