"""Reading the environment."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings.development import development_secrets
from settings.environment import load_settings
from settings.errors import InvalidSettings, MissingSettings, UnknownSettings

SECRET = "x" * 32
NEEDED = {
    "FRAMEWRIGHT_MONGODB_URL": "mongodb://127.0.0.1:27017",
    "FRAMEWRIGHT_REDIS_URL": "redis://127.0.0.1:6379/0",
    "FRAMEWRIGHT_S3_ENDPOINT": "127.0.0.1:9000",
    "FRAMEWRIGHT_S3_ACCESS_KEY": "access",
    "FRAMEWRIGHT_S3_SECRET_KEY": "topsecret",
    "FRAMEWRIGHT_JWT_KEYS": f"new:{SECRET},old:{SECRET}y",
    "FRAMEWRIGHT_SECRETS_KEYS": f"a:{SECRET}",
}


def test_what_is_needed_is_enough_and_defaults_fill_the_rest() -> None:
    settings = load_settings(NEEDED)
    assert settings.database.mongodb_url.get_secret_value() == "mongodb://127.0.0.1:27017"
    assert settings.tree_caps.scenes_per_script == 200
    assert settings.providers.providers == ("openai", "elevenlabs", "replicate", "local")


def test_the_first_signing_key_comes_first() -> None:
    keys = load_settings(NEEDED).access.jwt_keys
    assert list(keys) == ["new", "old"]
    assert keys["old"].get_secret_value() == f"{SECRET}y"


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_in_production_an_unset_secret_stops_the_start_and_is_named(name: str) -> None:
    environ = {**NEEDED, "FRAMEWRIGHT_ENV": "production"}
    fallback = {name: environ.pop(name)}
    with pytest.raises(MissingSettings, match=name):
        load_settings(environ, fallback=fallback)


def test_outside_of_production_the_fallback_fills_what_is_unset_or_empty() -> None:
    environ = {"FRAMEWRIGHT_REDIS_URL": "", "FRAMEWRIGHT_MONGODB_URL": "mongodb://mine"}
    settings = load_settings(environ, fallback=NEEDED)
    assert settings.messages.redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"
    assert settings.database.mongodb_url.get_secret_value() == "mongodb://mine"


def test_a_misspelt_variable_is_refused_with_the_name_that_it_resembles() -> None:
    with pytest.raises(UnknownSettings, match="did you mean FRAMEWRIGHT_MONGODB_URL"):
        load_settings({**NEEDED, "FRAMEWRIGHT_MONGO_URL": "x"})


def test_an_unreadable_value_is_named_and_not_repeated() -> None:
    with pytest.raises(InvalidSettings, match="FRAMEWRIGHT_LEASE_S") as refused:
        load_settings({**NEEDED, "FRAMEWRIGHT_LEASE_S": "hunter2"})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("nocolon", "kid:secret"),
        ("a:short", "shorter than 32"),
        (f"a:{SECRET},a:{SECRET}", "twice"),
        (",", "at least one"),
    ],
)
def test_malformed_keys_are_refused_without_showing_them(keys: str, why: str) -> None:
    with pytest.raises(InvalidSettings, match=why) as refused:
        load_settings({**NEEDED, "FRAMEWRIGHT_JWT_KEYS": keys})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("origin", ["studio.example", "https://studio.example/app", "*"])
def test_an_origin_is_a_scheme_and_a_host(origin: str) -> None:
    with pytest.raises(InvalidSettings, match="origin"):
        load_settings({**NEEDED, "FRAMEWRIGHT_ALLOWED_ORIGINS": origin})


def test_lists_are_separated_by_commas() -> None:
    settings = load_settings(
        {**NEEDED, "FRAMEWRIGHT_ALLOWED_ORIGINS": "https://a.example, http://b.example:3000"}
    )
    assert settings.server.allowed_origins == ("https://a.example", "http://b.example:3000")


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, True),
        ({"FRAMEWRIGHT_ENV": "production"}, False),
        (
            {
                "FRAMEWRIGHT_ENV": "production",
                "FRAMEWRIGHT_GRAPHIQL": "true",
                "FRAMEWRIGHT_INTROSPECTION": "1",
            },
            True,
        ),
        ({"FRAMEWRIGHT_GRAPHIQL": "false", "FRAMEWRIGHT_INTROSPECTION": "no"}, False),
    ],
)
def test_production_hides_graphiql_and_introspection_unless_told_otherwise(
    environ: dict[str, str],
    shown: bool,  # noqa: FBT001 - a parametrised case
) -> None:
    settings = load_settings({**NEEDED, **environ})
    assert settings.graphiql is shown
    assert settings.introspection is shown


def test_settings_are_frozen_and_show_no_secret() -> None:
    settings = load_settings(NEEDED)
    with pytest.raises(ValidationError):
        settings.jobs.lease_s = 1  # type: ignore[misc]  # the point of the test
    assert "topsecret" not in repr(settings)
    assert SECRET not in repr(settings)


def test_development_secrets_are_made_once_for_their_owner(tmp_path: Path) -> None:
    first = development_secrets(tmp_path / "data")
    assert development_secrets(tmp_path / "data") == first
    assert development_secrets(tmp_path / "other") != first
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()] == [0o600]
    assert load_settings({}, fallback={**NEEDED, **first}).access.jwt_keys["dev"]
