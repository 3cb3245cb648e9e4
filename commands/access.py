"""Who may do what, as tables."""

from pathlib import Path
from typing import Annotated

import typer

from commands.environment import CHECKOUT
from schema.access_tables import with_tables
from schema.root import build_schema

cli = typer.Typer(add_completion=False)


@cli.command()
def access(
    check: Annotated[bool, typer.Option(help="Compare with the page instead of writing it.")] = False,  # noqa: FBT002
    page: Annotated[Path, typer.Option(help="The page with the tables.")] = CHECKOUT / "docs" / "access.md",
) -> None:
    """Write the tables into docs/access.md, or check that they are fresh."""
    text = page.read_text()
    fresh = with_tables(text, build_schema()._schema)  # noqa: SLF001 - Strawberry's own schema has the rules
    if not check:
        page.write_text(fresh)
    elif text != fresh:
        typer.echo(f"{page.name} is out of date: run `python cli.py access`.", err=True)
        raise typer.Exit(1)
