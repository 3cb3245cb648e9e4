"""JSON that people give: an object, bounded, and storable as it is."""

import math
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, TypeAdapter

from documents.text import Paragraph

JSON_BYTES_MAX: Final = 4_096
"""Size of an object as JSON in UTF-8."""

_DEEPEST: Final = 5
_LONGEST_NAME: Final = 100
_GREATEST: Final = 2**53 - 1  # beyond it JavaScript rounds
_TEXT: Final = TypeAdapter[str](Paragraph)


def _checked(value: Any, depth: int) -> None:
    """Refuse what MongoDB could not hold, or would take for something else.

    Raises:
        ValueError: says what is wrong.
    """
    if depth > _DEEPEST:
        raise ValueError(f"is nested more than {_DEEPEST} levels deep")
    if isinstance(value, dict):
        for name, each in value.items():
            # A name that begins with a dollar is an operator to MongoDB, and a dot a path.
            if not 1 <= len(name) <= _LONGEST_NAME or name.startswith("$") or "." in name:
                raise ValueError(
                    f"has a name that is not 1 to {_LONGEST_NAME} characters, holds a dot or begins with $"
                )
            _TEXT.validate_python(name)
            _checked(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _checked(each, depth + 1)
    elif isinstance(value, str):
        _TEXT.validate_python(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("holds a number that is not finite")
    elif isinstance(value, int) and abs(value) > _GREATEST:
        raise ValueError("holds a whole number of more than 53 bits")


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    _checked(value, 1)
    if len(orjson.dumps(value)) > JSON_BYTES_MAX:
        raise ValueError(f"has more than {JSON_BYTES_MAX:,} bytes as JSON")
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(_storable)]
"""An object of at most 4,096 bytes and 5 levels; its names hold no dot and begin with no dollar sign."""
