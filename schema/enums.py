"""Enums of the layers below, described for clients."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

EnumT = TypeVar("EnumT", bound=Enum)


def describe(
    enum: type[EnumT], description: str, values: Mapping[EnumT, str], *, name: str | None = None
) -> type[EnumT]:
    """Declare an enum that lives outside of the schema; afterwards fields may use it as their type.

    Args:
        enum: the class as resolvers and documents know it.
        description: of the enum.
        values: description of each member.
        name: in GraphQL, if not the class's own.

    Raises:
        ValueError: a member has no description.
    """
    missing = [member.name for member in enum if member not in values]
    if missing:
        raise ValueError(f"{enum.__name__} has members without a description: {', '.join(missing)}.")
    strawberry.enum(enum, name=name, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by the line above
        value.description = values[enum[value.name]]
    return enum
