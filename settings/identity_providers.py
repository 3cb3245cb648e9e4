"""Providers that people may sign in with: JSON in one variable."""

import json
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, model_validator

from settings.section import Section

_PRESETS = {
    "google": {"name": "Google", "issuer": "https://accounts.google.com"},
    "github": {
        "name": "GitHub",
        "kind": "github",
        "issuer": "https://github.com",
        "scope": "read:user user:email",
    },
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class ProviderSettings(Section):
    """One provider. `google` and `github` need no more than key, client_id and client_secret."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["openid", "github"] = "openid"
    issuer: AnyHttpUrl
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: SecretStr
    scope: str = "openid email profile"

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {"name": str(value.get("key", "")).title()} | _PRESETS.get(value.get("key", ""), {}) | value

    @model_validator(mode="after")
    def _is_trustworthy(self) -> Self:
        if self.issuer.scheme != "https" and self.issuer.host not in _LOOPBACK:
            raise ValueError(f"the issuer of {self.key!r} must be reached by https")
        if self.kind == "openid" and "openid" not in self.scope.split():
            raise ValueError(f"the scope of {self.key!r} lacks openid")
        return self


def _parse(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value) if value.strip() else []
    except ValueError as error:
        raise ValueError("write it as a JSON list of objects") from error
    return tuple(parsed) if isinstance(parsed, list) else parsed


def _no_doubles(value: tuple[ProviderSettings, ...]) -> tuple[ProviderSettings, ...]:
    if len({each.key for each in value}) != len(value):
        raise ValueError("two providers have the same key")
    return value


IdentityProviders = Annotated[
    tuple[ProviderSettings, ...], BeforeValidator(_parse), AfterValidator(_no_doubles)
]
"""In the order in which people are offered them."""
