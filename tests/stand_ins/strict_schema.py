"""The rules that OpenAI documents for schemas of structured outputs, and a value that follows a schema."""

from collections.abc import Callable
from typing import Any

_KEYWORDS = """
$defs $ref additionalProperties anyOf const description enum exclusiveMaximum exclusiveMinimum format items
maxItems maximum minItems minimum multipleOf pattern properties required title type"""
_ALLOWED = frozenset(_KEYWORDS.split())
_DEEPEST = 10


def must_be_strict(schema: dict[str, Any], depth: int = 0) -> None:
    """Every object is closed and needs all that it has; no keyword but those that are supported.

    Raises:
        AssertionError: it is not.
    """
    if depth > _DEEPEST:
        raise AssertionError(f"the schema is nested more than {_DEEPEST} deep")
    if unknown := set(schema) - _ALLOWED:
        raise AssertionError(f"{sorted(unknown)} are not permitted in a strict schema")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise AssertionError("additionalProperties must be false in a strict schema")
        if set(schema.get("required", ())) != set(schema["properties"]):
            raise AssertionError("all properties must be required in a strict schema")
    for inner in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]:
        must_be_strict(inner, depth + 1)
    for inner in [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])]:
        must_be_strict(inner, depth + 1)


def sample(schema: dict[str, Any], whole: dict[str, Any], name: str = "value") -> Any:
    """A value that follows the schema, for shapes that nobody taught the stand-in."""
    if "$ref" in schema:
        return sample(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, name)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], whole, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    made: dict[Any, Callable[[], Any]] = {
        "object": lambda: {key: sample(inner, whole, key) for key, inner in schema["properties"].items()},
        "array": lambda: [sample(schema["items"], whole, name) for _ in range(schema.get("minItems", 1))],
        "integer": lambda: schema.get("minimum", 1),
        "number": lambda: float(schema.get("minimum", 1)),
        "boolean": lambda: True,
        "null": lambda: None,
        "string": lambda: f"Some {name.replace('_', ' ')}",
    }
    return made[schema["type"]]()
