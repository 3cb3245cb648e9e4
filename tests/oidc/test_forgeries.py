"""What a provider, or somebody in its place, may say and is not believed."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from access.identity_providers import IdentityProvider, ProviderFailed, ProviderOptions
from documents.accounts.identity_proof import IdentityProof
from tests.oidc.browser import Browser
from tests.oidc.fake_issuer import (
    ACCESS_TOKEN,
    FOREIGN_KEY,
    FakeIssuer,
    signed,
    signed_with_client_secret,
    signed_with_public_key,
    unsigned,
)
from tests.web.served import Running, running

SECRET = "a secret of at least 32 characters"
Claims = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer(server: Running) -> AsyncIterator[FakeIssuer]:
    fake = FakeIssuer()
    async with running(fake.app(), server.services) as serving:
        fake.url = serving.url
        yield fake


@pytest_asyncio.fixture
async def browser(server: Running, issuer: FakeIssuer) -> AsyncIterator[Browser]:
    """A browser before a provider that knows nothing yet of what the issuer said before."""
    issuer.metadata, issuer.token_status = {}, 200
    known = cast("dict[str, IdentityProvider]", server.services.identity_providers)
    known["fake"] = IdentityProvider(options(issuer), server.url)
    browser = Browser(server)
    yield browser
    await browser.client.aclose()


def options(issuer: FakeIssuer) -> ProviderOptions:
    return ProviderOptions(
        key="fake",
        name="Fake",
        issuer=issuer.url,
        client_id="framewright",
        client_secret=SECRET,
        scope="openid email",
    )


async def answered(browser: Browser, issuer: FakeIssuer, make: Callable[[Claims], Any]) -> str:
    """Where the browser ends when the token endpoint answers what `make` makes of good claims."""
    asked = parse_qs(urlsplit((await browser.depart("fake")).headers["location"]).query)
    now = int(time.time())
    good = {
        "iss": issuer.url,
        "aud": "framewright",
        "sub": "one",
        "iat": now,
        "exp": now + 60,
        "nonce": asked["nonce"][0],
        "email": "a@example.com",
        "email_verified": True,
    }
    made = make(good)
    id_token = {} if made is None else {"id_token": made}
    issuer.token_answer = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", **id_token}
    query = f"state={asked['state'][0]}&code=x"
    return await browser.arrive(f"{browser.server.url}/auth/fake/callback?{query}")


def but(**changes: Any) -> Callable[[Claims], str]:
    """A well signed token with other claims; one that is None is left out."""
    return lambda good: signed({k: v for k, v in {**good, **changes}.items() if v is not None})


FORGERIES: dict[str, Callable[[Claims], Any]] = {
    "no ID token": lambda _: None,
    "unsigned": unsigned,
    "signed by another key under the same id": lambda good: signed(good, FOREIGN_KEY),
    "signed with the public key as a secret": signed_with_public_key,
    "signed with the client's secret": lambda good: signed_with_client_secret(good, SECRET),
    "another issuer": but(iss="https://accounts.example"),
    "another audience": but(aud="somebody"),
    "another audience, for us": but(aud="somebody", azp="framewright"),
    "audiences without us": but(aud=["a", "b"], azp="framewright"),
    "given to another client": but(aud=["framewright", "b"], azp="b"),
    "expired": but(exp=int(time.time()) - 3_600),
    "from the future": but(iat=int(time.time()) + 3_600),
    "nonce of another session": but(nonce="n" * 20),
    "access token of another": but(at_hash="aaaaaaaaaaaaaaaaaaaaaa"),
    **{f"no {name}": but(**{name: None}) for name in ("iss", "aud", "sub", "exp", "iat", "nonce")},
    "empty subject": but(sub=""),
    "subject that is a filter": but(sub={"$gt": ""}),
    "endless subject": but(sub="x" * 256),
    "subject with controls": but(sub="one\nhttps://other two"),
    "prose": lambda _: "hello",
    "a number": lambda _: 7,
}


async def test_genuine_answer_is_believed(browser: Browser, issuer: FakeIssuer) -> None:
    assert (await answered(browser, issuer, signed)).startswith("code=")


@pytest.mark.parametrize("name", FORGERIES)
async def test_forged_answer_is_not_believed(browser: Browser, issuer: FakeIssuer, name: str) -> None:
    before = await IdentityProof.find().count()
    with capture_logs() as logs:
        assert await answered(browser, issuer, FORGERIES[name]) == "error=FAILED"
    assert await IdentityProof.find().count() == before
    (entry,) = [each for each in logs if each["event"] == "provider_failed"]
    assert SECRET not in str(entry)
    assert ACCESS_TOKEN not in str(entry)
    assert not [each for each in logs if each["log_level"] == "error"]


@pytest.mark.parametrize(
    ("answer", "status"), [({"error": "invalid_grant"}, 400), ([], 200), ({}, 200), (None, 503), ("x", 200)]
)
async def test_token_endpoint_that_refuses_or_babbles_signs_nobody_in(
    browser: Browser, issuer: FakeIssuer, answer: Any, status: int
) -> None:
    asked = parse_qs(urlsplit((await browser.depart("fake")).headers["location"]).query)
    issuer.token_answer, issuer.token_status = answer, status
    url = f"{browser.server.url}/auth/fake/callback?state={asked['state'][0]}&code=x"
    assert await browser.arrive(url) == "error=FAILED"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://accounts.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
    ],
)
async def test_metadata_of_another_issuer_lead_nowhere_and_are_not_kept(
    browser: Browser, issuer: FakeIssuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata = metadata
    response = await browser.depart("fake")
    assert response.headers["location"].endswith("/sign-in#error=FAILED")
    assert "set-cookie" not in response.headers
    if "issuer" in metadata:
        issuer.metadata = {}
        assert (await browser.depart("fake")).headers["location"].startswith(f"{issuer.url}/authorize?")


async def test_issuer_that_is_away_is_told_as_such(server: Running, issuer: FakeIssuer) -> None:
    away = ProviderOptions(
        key="away",
        name="Away",
        issuer="http://127.0.0.1:9",
        client_id="a",
        client_secret=SECRET,
        scope="openid",
    )
    with pytest.raises(ProviderFailed):
        await IdentityProvider(away, server.url).depart()
    assert SECRET not in repr(IdentityProvider(options(issuer), server.url))


async def test_state_of_one_provider_is_none_of_another(browser: Browser, issuer: FakeIssuer) -> None:
    known = cast("dict[str, IdentityProvider]", browser.server.services.identity_providers)
    known["other"] = IdentityProvider(replace(options(issuer), key="other"), browser.server.url)
    asked = parse_qs(urlsplit((await browser.depart("fake")).headers["location"]).query)
    url = f"{browser.server.url}/auth/other/callback?state={asked['state'][0]}&code=x"
    assert await browser.arrive(url) == "error=EXPIRED"
