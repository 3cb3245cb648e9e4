"""The tables of docs/access.md, written from permissions, roles and rules."""

from pathlib import Path

import pytest

from schema.access_tables import with_tables
from schema.guarding.rules import operations
from schema.root import build_schema

SCHEMA = build_schema()._schema
PAGE = (Path(__file__).parents[2] / "docs" / "access.md").read_text()


def test_every_operation_stands_in_one_row() -> None:
    told = with_tables(PAGE, SCHEMA)
    table = told.partition("<!-- operations: begin -->")[2].partition("<!-- operations: end -->")[0]
    named = [
        cell.strip("` ") for row in table.splitlines()[3:] for cell in row.replace("|", ",").split(",")[2:]
    ]
    assert sorted(filter(None, named)) == sorted(name for _, name, _ in operations(SCHEMA))


def test_what_stands_around_the_tables_stays() -> None:
    page = "".join(
        f"before\n<!-- {name}: begin -->\nold\n<!-- {name}: end -->\nafter\n"
        for name in ("permissions", "roles", "project roles", "operations")
    )
    told = with_tables(page, SCHEMA)
    assert (told.count("before\n"), told.count("after\n"), told.count("old\n")) == (4, 4, 0)
    assert with_tables(told, SCHEMA) == told


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="markers of the table 'permissions'"):
        with_tables("nothing here", SCHEMA)
