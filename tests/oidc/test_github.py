"""GitHub, which speaks OAuth 2 without OpenID Connect: a local server in its place, by its wire format."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from access.identity_providers import IdentityProvider, ProviderOptions
from access.proof_codes import challenge_of
from documents.accounts.user import User
from tests.oidc.browser import Browser
from tests.web.served import Running, running

TOKEN = "gho_of_a_person"


def mail(address: str, *, primary: bool = True, verified: bool = True) -> dict[str, Any]:
    return {"email": address, "primary": primary, "verified": verified, "visibility": None}


@dataclass
class Hub:
    """What GitHub knows, and what it was asked."""

    user: dict[str, Any] = field(default_factory=dict)
    emails: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/login/oauth/access_token", self._token, methods=["POST"]),
                Route("/api/v3/user", self._user),
                Route("/api/v3/user/emails", self._emails),
            ]
        )

    async def _token(self, request: Request) -> Response:
        self.forms.append(dict(parse_qsl((await request.body()).decode())))
        assert request.headers["accept"] == "application/json"
        return JSONResponse({"access_token": TOKEN, "scope": "read:user,user:email", "token_type": "bearer"})

    async def _user(self, request: Request) -> Response:
        return self._for_bearer(request, self.user)

    async def _emails(self, request: Request) -> Response:
        return self._for_bearer(request, self.emails)

    def _for_bearer(self, request: Request, content: Any) -> Response:
        if request.headers.get("authorization", "").lower() != f"bearer {TOKEN}":
            return JSONResponse({"message": "Requires authentication"}, 401)
        return JSONResponse(content)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hub(server: Running) -> AsyncIterator[Hub]:
    hub = Hub()
    async with running(hub.app(), server.services) as serving:
        options = ProviderOptions(
            key="github",
            name="GitHub",
            issuer=serving.url,
            client_id="framewright",
            client_secret="a secret",
            scope="read:user user:email",
            is_github=True,
        )
        known = cast("dict[str, IdentityProvider]", server.services.identity_providers)
        known["github"] = IdentityProvider(options, server.url)
        yield hub


@pytest_asyncio.fixture
async def browser(server: Running) -> AsyncIterator[Browser]:
    browser = Browser(server)
    yield browser
    await browser.client.aclose()


async def arrived(browser: Browser) -> str:
    asked = parse_qs(urlsplit((await browser.depart("github")).headers["location"]).query)
    url = f"{browser.server.url}/auth/github/callback?state={asked['state'][0]}&code=x"
    return await browser.arrive(url)


async def test_primary_verified_address_makes_an_account(browser: Browser, hub: Hub) -> None:
    hub.user = {"id": 583231, "login": "octocat", "name": None, "email": "public@example.com"}
    hub.emails = [mail("old@example.com", primary=False), mail("octo@example.com")]
    departed = await browser.depart("github")
    asked = parse_qs(urlsplit(departed.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["read:user user:email"]
    state = asked["state"][0]
    fragment = await browser.arrive(f"{browser.server.url}/auth/github/callback?state={state}&code=x")
    payload = await browser.exchange(fragment.removeprefix("code="))
    assert payload["user"] == {"email": "octo@example.com", "name": "octocat", "locale": "en"}
    form = hub.forms[-1]
    assert challenge_of(form["code_verifier"]) == asked["code_challenge"][0]
    assert form["client_secret"] == "a secret"


async def test_renamed_person_with_another_address_is_the_same(browser: Browser, hub: Hub) -> None:
    hub.user = {"id": 7, "login": "one", "name": "One"}
    hub.emails = [mail("one@example.com")]
    await browser.exchange((await arrived(browser)).removeprefix("code="))
    hub.user = {"id": 7, "login": "two", "name": "Two"}
    hub.emails = [mail("two@example.com")]
    payload = await browser.exchange((await arrived(browser)).removeprefix("code="))
    assert payload["user"]["email"] == "one@example.com"


@pytest.mark.parametrize(
    "emails", [[], [mail("x@example.com", verified=False)], [mail("x@e.com", primary=False)]]
)
async def test_no_verified_primary_address_makes_no_account(
    browser: Browser, hub: Hub, emails: list[dict[str, Any]]
) -> None:
    hub.user = {"id": 8, "login": "eight"}
    hub.emails = emails
    before = await User.find().count()
    payload = await browser.exchange((await arrived(browser)).removeprefix("code="))
    assert [each["code"] for each in payload["userErrors"]] == ["INVALID"]
    assert await User.find().count() == before


@pytest.mark.parametrize("user", [{}, {"id": None}, {"id": "admin"}, [], "x"])
async def test_user_without_an_id_is_nobody(browser: Browser, hub: Hub, user: Any) -> None:
    hub.user, hub.emails = user, [mail("y@example.com")]
    assert await arrived(browser) == "error=FAILED"
