"""Published descriptions of services, to hold requests and answers against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_FOLDER = Path(__file__).parent / "specifications"


@cache
def specification(name: str) -> Any:
    """The JSON file of that name."""
    return json.loads((_FOLDER / f"{name}.json").read_text())


@cache
def _validator(name: str, part: str) -> Draft202012Validator:
    whole = specification(name)
    if "$defs" in whole:
        return Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]})
    return Draft202012Validator(whole[part])


def agrees(name: str, part: str, value: Any) -> None:
    """Raise jsonschema's ValidationError if a value is not as the description's part says."""
    _validator(name, part).validate(value)
