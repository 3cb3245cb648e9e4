"""The whole way through npm's oidc-provider: browser, our server, provider, web application."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pyotp
import pytest
import pytest_asyncio

from access.identity_providers import IdentityProvider
from documents.accounts.identity_proof import IdentityProof
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from tests.oidc.browser import LINK, UNLINK, Browser
from tests.oidc.real_provider import real_provider
from tests.web.served import Running

PASSWORD = "purple lantern"
ACCOUNTS: dict[str, dict[str, Any]] = {
    "ana": {"email": "Ana@Example.com", "email_verified": True, "name": "Ana Silva", "locale": "pt-BR"},
    "odd": {"email": "odd@example.com", "email_verified": True, "name": "x\ny\u0000", "locale": "English!"},
    "unverified": {"email": "victim@example.com", "email_verified": False, "name": "Mallory"},
    "claimed": {"email": "victim@example.com", "email_verified": True, "name": "Mallory"},
    "stringly": {"email": "stringly@example.com", "email_verified": "true", "name": "S"},
    "nameless": {"name": "Nobody"},
    "bob": {"email": "bob@example.com", "email_verified": True, "name": "Bob"},
    "carl": {"email": "carl@example.com", "email_verified": True, "name": "Carl"},
    "dora": {"email": "dora@example.com", "email_verified": True, "name": "Dora"},
    "eve": {"email": "eve@example.com", "email_verified": True, "name": "Eve"},
    "fay": {"email": "fay@example.com", "email_verified": True, "name": "Fay"},
    "gus": {"email": "not an address", "email_verified": True, "name": "Gus"},
}
SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
  user { email } tokens { accessToken } userErrors { code } } }"""
COMPLETE = """mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
  user { email } tokens { accessToken } userErrors { code } } }"""
START_FACTOR = """mutation($input: StartSecondFactorInput!) { startSecondFactor(input: $input) {
  secret userErrors { code message } } }"""
CONFIRM_FACTOR = """mutation($input: ConfirmSecondFactorInput!) { confirmSecondFactor(input: $input) {
  recoveryCodes userErrors { code } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def provider(server: Running) -> AsyncIterator[IdentityProvider]:
    async with real_provider(server.url, ACCOUNTS) as provider:
        cast("dict[str, IdentityProvider]", server.services.identity_providers)["test"] = provider
        yield provider


@pytest_asyncio.fixture
async def browser(server: Running) -> AsyncIterator[Browser]:
    browser = Browser(server)
    yield browser
    await browser.client.aclose()


async def users(email: str) -> list[User]:
    return await User.find({"email_key": email.lower()}).to_list()


async def with_password(browser: Browser, email: str) -> str:
    """Make an account by address and password; its access token."""
    given = {"email": email, "password": PASSWORD, "name": "Owner"}
    payload = await browser.mutate(SIGN_UP, given)
    return str(payload["tokens"]["accessToken"])


def codes(payload: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def test_somebody_new_gets_an_account_and_comes_back_to_it(browser: Browser, server: Running) -> None:
    code = await browser.code("ana")
    first = await browser.exchange(code)
    assert first["userErrors"] == []
    assert first["user"] == {"email": "Ana@Example.com", "name": "Ana Silva", "locale": "pt-BR"}
    (user,) = await users("ana@example.com")
    assert user.password_hash is None
    assert user.email_verified_at is not None
    entries = await AuditEntry.find({"actor_id": user.id}).sort("_id").to_list()
    assert [each.action.value for each in entries] == ["SIGNED_UP", "IDENTITY_LINKED", "SIGNED_IN"]
    again = Browser(server)
    second = await again.exchange(await again.code("ana"))
    viewer = await server.services.authenticator.authenticate(second["tokens"]["accessToken"])
    assert viewer.user_id == user.id
    assert len(await users("ana@example.com")) == 1
    assert await IdentityProof.find().count() == 0
    await again.client.aclose()


async def test_departure_has_pkce_state_and_nonce_and_a_sealed_cookie(browser: Browser) -> None:
    response = await browser.depart()
    asked = parse_qs(urlsplit(response.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20
    cookie = response.headers["set-cookie"]
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/auth/", "Max-Age=600"):
        assert attribute in cookie
    assert asked["nonce"][0] not in cookie
    assert response.headers["cache-control"] == "no-store"
    again = await browser.depart()
    assert parse_qs(urlsplit(again.headers["location"]).query)["state"] != asked["state"]


@pytest.mark.parametrize("challenge", ["", "short", "a" * 44, "?" * 43])
async def test_page_without_a_challenge_is_turned_away(browser: Browser, challenge: str) -> None:
    url = f"{browser.server.url}/auth/test/start"
    assert (await browser.client.get(url, params={"challenge": challenge})).status_code == 400


async def test_unknown_provider_is_not_there(browser: Browser) -> None:
    assert (await browser.depart("nobody")).status_code == 404
    assert (await browser.client.get(f"{browser.server.url}/auth/nobody/callback")).status_code == 404


async def test_code_is_good_once_and_for_the_page_that_began(browser: Browser, server: Running) -> None:
    code = await browser.code("bob")
    thief = Browser(server)
    assert codes(await thief.exchange(code)) == [("INVALID", "input.code")]
    await thief.client.aclose()
    results = await asyncio.gather(*(browser.exchange(code) for _ in range(5)))
    assert sum(result["tokens"] is not None for result in results) == 1
    assert codes(await browser.exchange(code)) == [("INVALID", "input.code")]
    (user,) = await users("bob@example.com")
    assert await Session.find({"user_id": user.id}).count() == 1


async def test_code_runs_out(browser: Browser) -> None:
    code = await browser.code("bob")
    past = browser.server.services.now() - timedelta(seconds=1)
    await IdentityProof.get_pymongo_collection().update_many({}, {"$set": {"expires_at": past}})
    assert codes(await browser.exchange(code)) == [("INVALID", "input.code")]


async def test_state_of_another_browser_or_of_none_opens_nothing(browser: Browser, server: Running) -> None:
    """Login CSRF: an attacker's answer, opened in the victim's browser."""
    victim = Browser(server)
    before = await IdentityProof.find().count()
    callback = await browser.to_callback("ana")
    assert await victim.arrive(callback) == "error=EXPIRED"
    await victim.depart()
    assert await victim.arrive(callback) == "error=EXPIRED"
    own_state = next(iter(victim.client.cookies.keys())).rpartition("-")[2]
    forged = callback.replace("state=", f"state={own_state}")
    assert await victim.arrive(forged) == "error=EXPIRED"
    assert await victim.arrive(f"{server.url}/auth/test/callback?code=x") == "error=EXPIRED"
    assert await IdentityProof.find().count() == before
    await victim.client.aclose()


async def test_answer_is_good_once(browser: Browser) -> None:
    callback = await browser.to_callback("ana")
    assert (await browser.arrive(callback)).startswith("code=")
    assert await browser.arrive(callback) == "error=EXPIRED"


async def test_cookie_of_one_start_does_not_serve_another(browser: Browser, server: Running) -> None:
    """Two tabs at once each come to their end; a cookie under another name is worth nothing."""
    callbacks = [await browser.to_callback("ana") for _ in range(2)]
    for callback in callbacks:
        assert (await browser.arrive(callback)).startswith("code=")
    stranger = Browser(server)
    callback = await browser.to_callback("ana")
    state = parse_qs(urlsplit(callback).query)["state"][0]
    name = next(each for each in browser.client.cookies if each.endswith(state[:12]))
    await stranger.depart()
    (sealed,) = [value for key, value in stranger.client.cookies.items() if key.startswith("framewright")]
    stranger.client.cookies.set(name, sealed)
    assert await stranger.arrive(callback) == "error=EXPIRED"
    await stranger.client.aclose()


async def test_whoever_says_no_at_the_provider_comes_back_with_that(browser: Browser) -> None:
    state = parse_qs(urlsplit((await browser.depart()).headers["location"]).query)["state"][0]
    url = f"{browser.server.url}/auth/test/callback?state={state}&error="
    assert await browser.arrive(f"{url}access_denied") == "error=DENIED"


async def test_answer_of_another_issuer_is_not_followed(browser: Browser) -> None:
    callback = await browser.to_callback("ana")
    issuer = parse_qs(urlsplit(callback).query)["iss"][0]
    assert issuer.startswith("http://127.0.0.1")
    mixed_up = callback.replace("iss=http", "iss=https")
    assert mixed_up != callback
    assert await browser.arrive(mixed_up) == "error=FAILED"


async def test_forged_code_of_the_provider_is_refused_by_it(browser: Browser) -> None:
    callback = await browser.to_callback("ana")
    code = parse_qs(urlsplit(callback).query)["code"][0]
    assert await browser.arrive(callback.replace(code, code[:-3] + "AAA")) == "error=FAILED"


@pytest.mark.parametrize("login", ["unverified", "nameless", "stringly", "gus"])
async def test_unverified_mail_makes_no_account(browser: Browser, login: str) -> None:
    before = await User.find().count()
    payload = await browser.exchange(await browser.code(login))
    assert (payload["tokens"], codes(payload)) == (None, [("INVALID", None)])
    assert await User.find().count() == before


async def test_odd_names_and_languages_keep_nobody_out(browser: Browser) -> None:
    payload = await browser.exchange(await browser.code("odd"))
    assert payload["user"] == {"email": "odd@example.com", "name": "odd", "locale": "en"}


async def test_address_alone_never_opens_an_account_that_exists(browser: Browser) -> None:
    await with_password(browser, "Victim@example.com")
    (victim,) = await users("victim@example.com")
    for login, expected in (("unverified", ("INVALID", None)), ("claimed", ("TAKEN", "input.password"))):
        payload = await browser.exchange(await browser.code(login))
        assert (payload["user"], payload["tokens"], codes(payload)) == (None, None, [expected])
    code = await browser.code("claimed")
    wrong = await browser.exchange(code, password="violet lantern")
    assert codes(wrong) == [("INVALID", "input.password")]
    (untouched,) = await users("victim@example.com")
    assert (untouched.identities, untouched.updated_at) == ([], victim.updated_at)
    # Proof of both, with the same code.
    payload = await browser.exchange(code, password=PASSWORD)
    assert payload["user"]["email"] == "Victim@example.com"
    assert (await browser.exchange(await browser.code("claimed")))["tokens"]


async def test_signed_in_person_links_and_unlinks(browser: Browser) -> None:
    token = await with_password(browser, f"{uuid4().hex}@example.com")
    given = {"code": await browser.code("carl"), "verifier": browser.verifier}
    refused = await browser.mutate(LINK, given, token)
    assert codes(refused) == [("INVALID", "input.password")]
    linked = await browser.mutate(LINK, {**given, "password": PASSWORD}, token)
    (identity,) = linked["user"]["identities"]
    assert (identity["provider"], identity["email"]) == ("test", "carl@example.com")
    payload = await browser.exchange(await browser.code("carl"))
    assert payload["user"]["email"] == linked["user"]["email"]
    gone = {"identityId": identity["id"], "password": PASSWORD}
    assert (await browser.mutate(UNLINK, gone, token))["user"] == {"identities": [], "hasPassword": True}
    assert (await browser.exchange(await browser.code("carl")))["user"]["email"] == "carl@example.com"


async def test_identity_opens_one_account_only_however_two_race(browser: Browser) -> None:
    tokens = [await with_password(browser, f"{uuid4().hex}@example.com") for _ in range(3)]
    given = [{"code": await browser.code("dora"), "verifier": browser.verifier} for _ in tokens]
    payloads = await asyncio.gather(
        *(
            browser.mutate(LINK, {**each, "password": PASSWORD}, token)
            for each, token in zip(given, tokens, strict=True)
        )
    )
    assert sorted(len(each["userErrors"]) for each in payloads) == [0, 1, 1]
    assert await User.find({"identities.email": "dora@example.com"}).count() == 1


async def test_last_way_in_stays(browser: Browser) -> None:
    payload = await browser.exchange(await browser.code("eve"))
    token = payload["tokens"]["accessToken"]
    (user,) = await users("eve@example.com")
    viewer = await browser.server.query(
        "{ viewer { hasPassword identities { id } } }", authorization=f"Bearer {token}"
    )
    (identity,) = viewer["data"]["viewer"]["identities"]
    assert viewer["data"]["viewer"]["hasPassword"] is False
    refused = await browser.mutate(UNLINK, {"identityId": identity["id"]}, token)
    assert codes(refused) == [("INVALID", "input.identityId")]
    assert len((await users("eve@example.com"))[0].identities) == 1
    await User.get_pymongo_collection().update_one({"_id": user.id}, {"$set": {"password_hash": "x"}})
    other = Browser(browser.server)
    foreign = await with_password(other, f"{uuid4().hex}@example.com")
    answer = await other.server.query(
        UNLINK,
        {"input": {"identityId": identity["id"], "password": PASSWORD}},
        authorization=f"Bearer {foreign}",
    )
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    await other.client.aclose()


async def test_second_factor_is_asked_for_after_a_provider_too(browser: Browser) -> None:
    payload = await browser.exchange(await browser.code("fay"))
    token = payload["tokens"]["accessToken"]
    secret = (await browser.mutate(START_FACTOR, {}, token))["secret"]
    confirmed = await browser.mutate(CONFIRM_FACTOR, {"code": pyotp.TOTP(secret).now()}, token)
    challenged = await browser.exchange(await browser.code("fay"))
    assert (challenged["user"], challenged["tokens"]) == (None, None)
    given = {
        "challenge": challenged["challenge"]["challenge"],
        "code": confirmed["recoveryCodes"][0],
    }
    completed = await browser.mutate(COMPLETE, given)
    assert completed["user"]["email"] == "fay@example.com"
    (user,) = await users("fay@example.com")
    entry = await AuditEntry.find({"actor_id": user.id, "action": "SIGNED_IN"}).sort("-_id").first_or_none()
    assert entry is not None
    assert entry.details["way"] == "test"


async def test_suspended_account_stays_shut(browser: Browser) -> None:
    await browser.exchange(await browser.code("ana"))
    (user,) = await users("ana@example.com")
    await User.get_pymongo_collection().update_one({"_id": user.id}, {"$set": {"is_suspended": True}})
    given = {"code": await browser.code("ana"), "verifier": browser.verifier}
    answer = await browser.server.query(
        "mutation($input: ExchangeSignInInput!) { exchangeSignIn(input: $input) { user { email } } }",
        {"input": given},
    )
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    await User.get_pymongo_collection().update_one({"_id": user.id}, {"$set": {"is_suspended": False}})


async def test_providers_are_offered(server: Running) -> None:
    answer = await server.query("{ signInProviders { key name startPath } }")
    assert answer["data"]["signInProviders"] == [
        {"key": "test", "name": "Test", "startPath": "/auth/test/start"}
    ]
