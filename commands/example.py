"""The settings as a file to fill in."""

from typing import Annotated

import typer

from commands.environment import CHECKOUT
from settings.example import env_example

cli = typer.Typer(add_completion=False)


@cli.command()
def example(
    check: Annotated[bool, typer.Option(help="Compare with the file instead of writing it.")] = False,  # noqa: FBT002
) -> None:
    """Write .env.example from the settings, or check that it is fresh."""
    file = CHECKOUT / ".env.example"
    if not check:
        file.write_text(env_example())
    elif not file.exists() or file.read_text() != env_example():
        typer.echo(".env.example is out of date: run `python cli.py example`.", err=True)
        raise typer.Exit(1)
