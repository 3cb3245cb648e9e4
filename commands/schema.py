"""The schema as a file."""

from pathlib import Path
from typing import Annotated

import typer

from commands.environment import CHECKOUT
from schema.root import build_schema
from schema.sdl import breaking_changes, sdl

cli = typer.Typer(add_completion=False)


@cli.command()
def schema(
    check: Annotated[bool, typer.Option(help="Compare with the file instead of writing it.")] = False,  # noqa: FBT002
    file: Annotated[Path, typer.Option(help="Where the schema is kept.")] = CHECKOUT / "schema.graphql",
    released: Annotated[
        Path, typer.Option(help="The schema of the last release; breaking changes against it are listed.")
    ] = CHECKOUT / "schema.released.graphql",
) -> None:
    """Write the schema to its file, or check that the file is fresh."""
    text = sdl(build_schema())
    for change in breaking_changes(released.read_text(), text) if released.exists() else ():
        typer.echo(f"Breaking: {change}")
    if not check:
        file.write_text(text)
    elif not file.exists() or file.read_text() != text:
        typer.echo(f"{file.name} is out of date: run `python cli.py schema`.", err=True)
        raise typer.Exit(1)
