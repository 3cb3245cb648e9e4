"""The composed application, against the real stack."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo.asynchronous.database import AsyncDatabase

from app import create_app, open_services
from devstack.stack import StackAddresses
from settings.environment import load_settings
from tests.web.served import SIGN_UP, introduced_socket, running


@pytest.fixture
def environ(stack: StackAddresses, database: AsyncDatabase[dict[str, Any]]) -> dict[str, str]:
    return {
        "FRAMEWRIGHT_ENV": "test",
        "FRAMEWRIGHT_MONGODB_URL": stack.mongodb_url,
        "FRAMEWRIGHT_MONGODB_DATABASE": database.name,
        "FRAMEWRIGHT_REDIS_URL": stack.redis_url,
        "FRAMEWRIGHT_S3_ENDPOINT": stack.s3_endpoint,
        "FRAMEWRIGHT_S3_ACCESS_KEY": stack.s3_access_key,
        "FRAMEWRIGHT_S3_SECRET_KEY": stack.s3_secret_key,
        "FRAMEWRIGHT_S3_BUCKET": f"app-{uuid4().hex}",
        "FRAMEWRIGHT_JWT_KEYS": "a:" + "j" * 32,
        "FRAMEWRIGHT_SECRETS_KEYS": "a:" + "s" * 32,
    }


def sign_up_input() -> dict[str, Any]:
    return {"input": {"email": f"{uuid4().hex}@example.com", "password": "purple lantern", "name": "Ana"}}


async def test_a_person_signs_up_and_is_the_viewer_over_http_and_websocket(environ: dict[str, str]) -> None:
    settings = load_settings(environ)
    async with open_services(settings) as opened, running(create_app(settings), opened.services) as server:
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"{server.url}/health/ready")
        assert ready.status_code == 200
        assert set(ready.json()["checks"]) == {"mongodb", "redis", "s3"}
        answer = await server.query(SIGN_UP, sign_up_input())
        token = answer["data"]["signUp"]["tokens"]["accessToken"]
        found = await server.query("{ viewer { name } }", authorization=f"Bearer {token}")
        assert found["data"] == {"viewer": {"name": "Ana"}}
        assert found["extensions"]["cost"]["budget"] == "user"
        async with introduced_socket(server, token) as socket:
            assert (await socket.run("{ viewer { name } }"))[0]["payload"]["data"] == found["data"]


async def test_people_are_told_what_they_may_spend(environ: dict[str, str]) -> None:
    settings = load_settings({**environ, "FRAMEWRIGHT_SPENDING_PER_USER": "2.50"})
    async with open_services(settings) as opened, running(create_app(settings), opened.services) as server:
        answer = await server.query(SIGN_UP, sign_up_input())
        token = answer["data"]["signUp"]["tokens"]["accessToken"]
        found = await server.query(
            "{ viewer { spending { left { micros } } } }", authorization=f"Bearer {token}"
        )
        assert found["data"] == {"viewer": {"spending": {"left": {"micros": 2_500_000}}}}


async def test_without_redis_the_server_is_not_ready_and_answers_what_it_can(environ: dict[str, str]) -> None:
    settings = load_settings({**environ, "FRAMEWRIGHT_REDIS_URL": "redis://127.0.0.1:1/0"})
    async with open_services(settings) as opened, running(create_app(settings), opened.services) as server:
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"{server.url}/health/ready")
        assert ready.status_code == 503
        assert {name: check["ok"] for name, check in ready.json()["checks"].items()} == {
            "mongodb": True,
            "redis": False,
            "s3": True,
        }
        uncharged = await server.query("{ version }")
        assert uncharged["data"]
        assert "extensions" not in uncharged
        answer = await server.query(SIGN_UP, sign_up_input())
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "127.0.0.1" not in str(answer)
