from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
import pytest_asyncio
import strawberry
from pymongo.asynchronous.database import AsyncDatabase
from starlette.requests import HTTPConnection

from documents.accounts.user import User
from resolvers.context import Context, Services
from schema.accounts.accounts import AccountMutations, AccountQueries
from schema.root import build_schema
from tests.account_services import open_account_services

SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
  user { id email name locale createdAt } tokens { accessToken refreshToken }
  userErrors { code field message } } }"""
SIGN_IN = """mutation($input: SignInInput!) { signIn(input: $input) {
  user { email } tokens { accessToken } userErrors { code field message } } }"""
REFRESH = """mutation($input: RefreshTokensInput!) { refreshTokens(input: $input) {
  user { email } tokens { accessToken refreshToken } userErrors { code } } }"""
SIGN_OUT = "mutation { signOut(input: {}) { endedSessions userErrors { code } } }"
VIEWER = "{ viewer { __typename id email } }"


@strawberry.type
class Query(AccountQueries):
    pass


@strawberry.type
class Mutation(AccountMutations):
    pass


@dataclass
class Api:
    services: Services

    async def __call__(self, document: str, token: str | None = None, **given: Any) -> dict[str, Any]:
        viewer = None if token is None else await self.services.authenticator.authenticate(token)
        connection = HTTPConnection({"type": "http", "headers": []})
        context = Context(self.services, connection, "request", "192.0.2.1", viewer=viewer)
        schema = build_schema(query=Query, mutation=Mutation)
        result = await schema.execute(document, {"input": given}, context_value=context)
        errors = [error.formatted for error in result.errors or ()]
        return {"errors": errors} if errors else cast("dict[str, Any]", result.data)


@pytest_asyncio.fixture
async def api(database: AsyncDatabase[dict[str, Any]], redis_url: str, prefix: str) -> AsyncIterator[Api]:
    async with open_account_services(database, redis_url, prefix, budget="6 per minute") as services:
        await User.delete_all()
        yield Api(services)


async def signed_up(api: Api) -> dict[str, Any]:
    answer = await api(SIGN_UP, email="Ana@Example.com", password="purple lantern", name="Ana")
    payload: dict[str, Any] = answer["signUp"]
    assert payload["userErrors"] == []
    return payload


async def test_person_signs_up_is_the_viewer_refreshes_and_signs_out(api: Api) -> None:
    payload = await signed_up(api)
    assert payload["user"]["email"] == "Ana@Example.com"
    assert payload["user"]["locale"] == "en"
    viewer = (await api(VIEWER, payload["tokens"]["accessToken"]))["viewer"]
    assert viewer == {"__typename": "User", "id": payload["user"]["id"], "email": "Ana@Example.com"}
    answer = await api(REFRESH, refreshToken=payload["tokens"]["refreshToken"])
    token = answer["refreshTokens"]["tokens"]["accessToken"]
    assert await api(SIGN_OUT, token) == {"signOut": {"endedSessions": 1, "userErrors": []}}
    assert await api(VIEWER) == {"viewer": None}


async def test_bad_sign_up_is_null_beside_what_to_mend(api: Api) -> None:
    answer = await api(SIGN_UP, email="ana", password="purple lantern", name="")
    assert answer["signUp"]["user"] is None
    assert answer["signUp"]["tokens"] is None
    assert [(error["code"], error["field"]) for error in answer["signUp"]["userErrors"]] == [
        ("INVALID", "input.email"),
        ("INVALID", "input.name"),
    ]


async def test_address_in_use_is_taken(api: Api) -> None:
    await signed_up(api)
    answer = await api(SIGN_UP, email="ANA@example.com", password="purple lantern", name="Ana")
    assert [(error["code"], error["field"]) for error in answer["signUp"]["userErrors"]] == [
        ("TAKEN", "input.email")
    ]


async def test_wrong_password_and_unknown_address_answer_alike(api: Api) -> None:
    await signed_up(api)
    wrong = await api(SIGN_IN, email="ana@example.com", password="wrong lantern")
    unknown = await api(SIGN_IN, email="eva@example.com", password="purple lantern")
    assert wrong == unknown
    assert wrong["signIn"]["userErrors"][0]["code"] == "INVALID"


@pytest.mark.parametrize("token", ["fwr_made_up", "", "{}"])
async def test_refresh_with_other_text_is_unauthenticated(api: Api, token: str) -> None:
    (error,) = (await api(REFRESH, refreshToken=token))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_sign_out_of_nobody_is_unauthenticated(api: Api) -> None:
    (error,) = (await api(SIGN_OUT))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_too_many_tries_are_rate_limited_and_say_when_to_come_back(api: Api) -> None:
    for _ in range(6):
        await api(SIGN_IN, email="ana@example.com", password="wrong lantern")
    (error,) = (await api(SIGN_IN, email="ana@example.com", password="wrong lantern"))["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert 0 < error["extensions"]["retryAfter"] <= 61


async def test_many_tries_in_one_operation_count_one_by_one(api: Api) -> None:
    tries = " ".join(
        f't{number}: signIn(input: {{email: "ana@example.com", password: "wrong lantern"}}) {{ __typename }}'
        for number in range(8)
    )
    answer = await api(f"mutation {{ {tries} }}")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"RATE_LIMITED"}


def test_schema_describes_every_type_field_argument_and_enum_value() -> None:
    schema = build_schema(query=Query, mutation=Mutation)._schema
    missing = []
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        parts = {name: kind}
        parts |= {f"{name}.{part}": value for part, value in getattr(kind, "fields", {}).items()}
        parts |= {f"{name}.{part}": value for part, value in getattr(kind, "values", {}).items()}
        missing += [path for path, part in parts.items() if not part.description]
    assert sorted(missing) == ["Mutation", "Query"]  # the test's own


async def test_viewer_sees_own_sessions_and_which_one_asks(api: Api) -> None:
    payload = await signed_up(api)
    answer = await api(SIGN_IN, email="ana@example.com", password="purple lantern")
    document = "{ viewer { hasPassword emailVerifiedAt sessions { device address isCurrent } } }"
    viewer = (await api(document, payload["tokens"]["accessToken"]))["viewer"]
    assert (viewer["hasPassword"], viewer["emailVerifiedAt"]) == (True, None)
    assert sorted(session["isCurrent"] for session in viewer["sessions"]) == [False, True]
    assert {session["address"] for session in viewer["sessions"]} == {"192.0.2.1"}
    again = (await api(document, answer["signIn"]["tokens"]["accessToken"]))["viewer"]["sessions"]
    assert [session["isCurrent"] for session in again] != [
        session["isCurrent"] for session in viewer["sessions"]
    ]
