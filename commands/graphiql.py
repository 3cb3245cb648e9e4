"""GraphiQL's files."""

from typing import Annotated

import typer

from commands.environment import CHECKOUT
from web.graphiql_files import bring_files

cli = typer.Typer(add_completion=False)


@cli.command()
def graphiql(
    omit_dev: Annotated[bool, typer.Option("--omit-dev", help="Leave out what only tests need.")] = False,  # noqa: FBT002
) -> None:
    """Install GraphiQL's files, as pinned by package-lock.json."""
    bring_files(CHECKOUT, omits_dev=omit_dev)
