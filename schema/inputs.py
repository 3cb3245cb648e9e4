"""Inputs, unpacked for the resolvers: what was given, by Python names, and nothing of what was left out."""

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from typing import Any

import strawberry


def given(input: object, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Fields of an input that the client gave, `null` included, with inputs inside of them unpacked too.

    Args:
        input: the input object.
        without: fields that mean something else than a stored field of the same name.
    """
    assert is_dataclass(input)  # noqa: S101 - Strawberry makes every input one
    return {
        field.name: _plain(value)
        for field in fields(input)
        if field.name not in without and (value := getattr(input, field.name)) is not strawberry.UNSET
    }


def _plain(value: object) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return given(value) if is_dataclass(value) and not isinstance(value, type) else value
