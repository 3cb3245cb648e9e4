"""Checking what a client gives for fields of stored nodes, against the stored models themselves."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from documents.text import COLOUR_PATTERN
from resolvers.languages import is_language
from resolvers.outcome import UserError, UserErrorCode

_LANGUAGE: Final = "language"
_WORDS: Final = {
    _LANGUAGE: "A language is a BCP 47 tag in its usual spelling, such as `pt`, `pt-BR` or `zh-Hans`.",
}
_PATTERN_WORDS: Final = {COLOUR_PATTERN: "A colour is #RRGGBB, such as #FFCC00."}
_TYPE_WORDS: Final = {
    "string_type": "Must be a text.",
    "bool_type": "Must be true or false.",
    "bool_parsing": "Must be true or false.",
    "float_type": "Must be a number.",
    "float_parsing": "Must be a number.",
    "int_type": "Must be a whole number.",
    "list_type": "Must be a list.",
    "missing": "Must be given.",
    "extra_forbidden": "There is no field of this name.",
    "finite_number": "Must be a finite number.",
}
_BOUND_WORDS: Final = {
    "string_too_long": "At most {max_length:,} characters.",
    "string_too_short": "At least {min_length:,} characters.",
    "too_long": "At most {max_length:,} of them.",
    "too_short": "At least {min_length:,} of them.",
    "greater_than_equal": "At least {ge:g}.",
    "greater_than": "More than {gt:g}.",
    "less_than_equal": "At most {le:g}.",
    "less_than": "Less than {lt:g}.",
    "enum": "One of {expected}.",
}
_LENGTHS: Final = {"too_long", "too_short"}
_VALUE_ERROR: Final = "Value error, "


def camel(name: str) -> str:
    """A field's name as GraphQL shows it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(model.model_fields[name].rebuild_annotation())


def checked(
    model: type[BaseModel], values: Mapping[str, Any], *, at: str
) -> tuple[dict[str, Any], list[UserError]]:
    """Values of some fields of a model as MongoDB holds them, and what is wrong with the others.

    Args:
        model: whose fields they are.
        values: by the field's Python name.
        at: where they stand in the operation, such as `input`.
    """
    good: dict[str, Any] = {}
    faults: list[UserError] = []
    for name, value in values.items():
        adapter = _adapter(model, name)
        try:
            found = adapter.validate_python(value)
            if name == _LANGUAGE and found is not None and not is_language(found):
                text = f"Nobody speaks {found!r}. {_WORDS[_LANGUAGE]}"
                faults.append(UserError(UserErrorCode.INVALID, f"{at}.{camel(name)}", text))
            good[name] = adapter.dump_python(found, by_alias=True)
        except ValidationError as error:
            faults += explained(error, at=f"{at}.{camel(name)}")
    return good, faults


def explained(error: ValidationError, *, at: str) -> Sequence[UserError]:
    """What pydantic found, in our words and with GraphQL's names."""
    faults = []
    for detail in error.errors(include_url=False):
        path = [camel(part) if isinstance(part, str) else str(part) for part in detail["loc"]]
        where = ".".join([at, *path])
        about = detail.get("ctx", {})
        words = None
        if detail["type"] == "string_pattern_mismatch":
            words = _WORDS.get(where.rpartition(".")[2]) or _PATTERN_WORDS.get(about["pattern"])
        elif detail["type"] in _BOUND_WORDS:
            # Texts that are tidied first have their length checked as that of any sequence.
            kind = "string_" if isinstance(detail["input"], str) and detail["type"] in _LENGTHS else ""
            words = _BOUND_WORDS[kind + detail["type"]].format_map(about)
            if about.get("min_length") == 1:
                words = "Must not be empty."
        elif detail["input"] is None:
            words = "Must not be null."
        text = words or _TYPE_WORDS.get(detail["type"]) or detail["msg"].removeprefix(_VALUE_ERROR)
        faults.append(UserError(UserErrorCode.INVALID, where, text[0].upper() + text[1:]))
    return faults
