import json
from typing import Any

import pytest
from pydantic import ValidationError

from settings.sections import Access

KEYS = f"a:{'k' * 32}"
GOOD = {"key": "acme", "issuer": "https://id.acme.example", "client_id": "fw", "client_secret": "hush"}


def read(*providers: Any) -> Access:
    return Access.model_validate(
        {"jwt_keys": KEYS, "secrets_keys": KEYS, "oidc_providers": json.dumps(providers)}
    )


def test_none_is_the_default() -> None:
    assert Access.model_validate({"jwt_keys": KEYS, "secrets_keys": KEYS}).oidc_providers == ()


def test_google_and_github_need_no_more_than_a_client() -> None:
    secret = {"client_id": "fw", "client_secret": "hush"}
    google, github = read({"key": "google", **secret}, {"key": "github", **secret}).oidc_providers
    assert (google.name, str(google.issuer), google.kind) == (
        "Google",
        "https://accounts.google.com/",
        "openid",
    )
    assert (github.name, github.kind, github.scope) == ("GitHub", "github", "read:user user:email")


def test_any_other_issuer_is_named_after_its_key_unless_it_has_a_name() -> None:
    plain, named = read(GOOD, {**GOOD, "key": "b", "name": "Beta & Co"}).oidc_providers
    assert (plain.name, named.name) == ("Acme", "Beta & Co")


def test_enterprise_github_is_github_elsewhere() -> None:
    (found,) = read({**GOOD, "key": "github"}).oidc_providers
    assert (found.kind, found.issuer.host) == ("github", "id.acme.example")


@pytest.mark.parametrize(
    "providers",
    [
        [{**GOOD, "issuer": "http://id.acme.example"}],
        [{**GOOD, "key": "Acme/.."}],
        [{**GOOD, "client_id": ""}],
        [{**GOOD, "scope": "email"}],
        [{**GOOD, "surprise": 1}],
        [{name: value for name, value in GOOD.items() if name != "client_secret"}],
        [{name: value for name, value in GOOD.items() if name != "issuer"}],
        [GOOD, GOOD],
        ["acme"],
    ],
)
def test_what_cannot_be_meant_stops_the_start_without_showing_the_secret(providers: list[Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        read(*providers)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("text", ["acme", "{", '"acme"', "7"])
def test_other_text_is_refused(text: str) -> None:
    given = {"jwt_keys": KEYS, "secrets_keys": KEYS, "oidc_providers": text}
    with pytest.raises(ValidationError):
        Access.model_validate(given)


def test_issuer_on_loopback_may_be_plain() -> None:
    assert read({**GOOD, "issuer": "http://127.0.0.1:9000"}).oidc_providers[0].issuer.port == 9000
