"""The committed schema."""

import re
import tomllib
from pathlib import Path

import graphql

from schema.root import build_schema
from schema.sdl import breaking_changes, sdl
from schema.server import VERSION

CHECKOUT = Path(__file__).parents[2]


def test_the_committed_schema_is_fresh() -> None:
    assert (CHECKOUT / "schema.graphql").read_text() == sdl(build_schema())


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_everything_is_described() -> None:
    silent = []
    for name, kind in graphql.build_schema(sdl(build_schema())).type_map.items():
        if name.startswith("__") or name in graphql.specified_scalar_types:
            continue
        silent += [] if kind.description else [name]
        members = getattr(kind, "fields", None) or getattr(kind, "values", {})
        for member, definition in members.items():
            silent += [] if definition.description else [f"{name}.{member}"]
            silent += [
                f"{name}.{member}({argument})"
                for argument, given in getattr(definition, "args", {}).items()
                if not given.description and argument != "input"
            ]
    assert silent == []


def test_what_breaks_clients_is_listed() -> None:
    old = "type Query { a: Int b: String }"
    assert breaking_changes(old, "type Query { a: Int b: String c: Int }") == []
    (change,) = breaking_changes(old, "type Query { a: Int }")
    assert re.search(r"FIELD_REMOVED: .*Query\.b", change)
