"""What all sections have in common: they are frozen, closed, and read comma-separated lists."""

from typing import Annotated, Any

from limits import parse
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """Settings that belong together. Field `lease_s` is `FRAMEWRIGHT_LEASE_S`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def setting(description: str, default: Any = ..., *, unit: str | None = None, **bounds: Any) -> Any:
    """Declare one setting.

    Args:
        description: one sentence for `.env.example`.
        default: left out where the variable must be set.
        unit: of a number, such as `seconds`.
        bounds: pydantic's own, such as `ge=1`.
    """
    return Field(
        default, description=description, json_schema_extra=None if unit is None else {"unit": unit}, **bounds
    )


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""`a, b` is read as ("a", "b"); an empty text as ()."""


def _readable(value: str) -> str:
    try:
        budget = parse(value)
    except ValueError:
        budget = None
    if budget is None or budget.amount < 1:
        raise ValueError(f"{value!r} is no budget; write how many in which time, such as 60 per 5 minutes")
    return value


Budget = Annotated[str, AfterValidator(_readable)]
"""How much in which time, in the notation of `limits`: `60 per 5 minutes`."""
