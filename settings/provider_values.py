"""What is written as JSON in the settings of providers: models, compatible servers, prices."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, model_validator

from providers.openai.compatible import COMPATIBLE
from providers.prices import Price
from providers.protocols.offer import Capability
from settings.section import Section

_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Amount = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


def _object(value: object) -> object:
    return _read(value, {}, dict, "a JSON object")


def _list(value: object) -> object:
    return _read(value, [], list, "a JSON list of objects")


def _read(value: object, empty: object, kind: type, what: str) -> object:
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value) if value.strip() else empty
    except ValueError as error:
        raise ValueError(f"write it as {what}") from error
    if not isinstance(parsed, kind):
        raise ValueError(f"write it as {what}")  # noqa: TRY004 - pydantic collects ValueErrors alone
    return parsed


def _capabilities(value: object) -> object:
    """Names of capabilities in either case: `image`, and `IMAGE` as the API has it."""
    if not isinstance(value, dict):
        return value
    known = {each.value for each in Capability}
    if unknown := sorted(str(name) for name in value if str(name).lower() not in known):
        raise ValueError(f"{', '.join(unknown)}: no capability; there are {', '.join(sorted(known))}")
    return {str(name).lower(): model for name, model in value.items()}


Models = Annotated[dict[Capability, _Name], BeforeValidator(_capabilities), BeforeValidator(_object)]
"""Models by capability: `{"script": "…", "image": "…"}`."""


class CompatibleServerSettings(Section):
    """A server that speaks OpenAI's interface. Known ones need no address."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    base_url: AnyHttpUrl
    api_key: SecretStr | None = None
    needs_key: bool = True
    models: Models = Field(default_factory=dict)
    voices: tuple[_Name, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        known = COMPATIBLE.get(str(value.get("key")))
        preset = {} if known is None else {"base_url": known.base_url, "needs_key": known.needs_key}
        if known is None and "base_url" not in value:
            raise ValueError(f"base_url is missing; without it there are {', '.join(sorted(COMPATIBLE))}")
        return preset | value

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.models:
            raise ValueError(f'{self.key} has no models; write such as "models": {{"script": "…"}}')
        return self


def _no_doubles(value: tuple[CompatibleServerSettings, ...]) -> tuple[CompatibleServerSettings, ...]:
    if len({each.key for each in value}) != len(value):
        raise ValueError("two servers have the same key")
    return value


CompatibleServers = Annotated[
    tuple[CompatibleServerSettings, ...], BeforeValidator(_list), AfterValidator(_no_doubles)
]
"""In the order in which they are preferred."""


class ReplicateModelSettings(Section):
    """A model at Replicate, and the names of its inputs."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+(:[0-9a-f]{64})?$")]
    inputs: dict[str, _Name] = Field(default_factory=dict)
    fixed: dict[str, Any] = Field(default_factory=dict)
    durations_s: tuple[Annotated[int, Field(ge=1)], ...] = ()
    longest_s: Annotated[int | None, Field(ge=1)] = None
    aspect_ratios: tuple[Annotated[str, Field(pattern=r"^\d+:\d+$")], ...] = ()
    in_lists: frozenset[str] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


ReplicateModels = Annotated[
    dict[Capability, ReplicateModelSettings], BeforeValidator(_capabilities), BeforeValidator(_object)
]
"""Models by capability: `{"clip": {"name": "owner/name", "inputs": {…}}}`, or the name alone."""


class PriceSettings(Section):
    """What a model charges, in US dollars."""

    per_call: _Amount = Decimal(0)
    per_image: _Amount = Decimal(0)
    per_second: _Amount = Decimal(0)
    per_thousand_characters: _Amount = Decimal(0)
    per_million_input_tokens: _Amount = Decimal(0)
    per_million_output_tokens: _Amount = Decimal(0)

    def price(self) -> Price:
        """As providers count."""
        return Price(**dict(self))


def _with_provider(value: Mapping[str, PriceSettings]) -> Mapping[str, PriceSettings]:
    for name in value:
        provider, slash, model = name.partition("/")
        if not (provider and slash and model):
            raise ValueError(f"{name!r} names no model; write provider/model, or provider/* for all others")
    return value


Prices = Annotated[dict[str, PriceSettings], BeforeValidator(_object), AfterValidator(_with_provider)]
"""Prices by `provider/model`."""
