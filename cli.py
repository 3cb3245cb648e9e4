"""The operator's commands."""

from importlib import import_module
from typing import Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final = ("run", "serve", "work", "create-admin", "schema", "example", "access", "fonts", "graphiql")


class Commands(TyperGroup):
    """Imports the command that is asked for and no other: a worker starts without any part of the API."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - the library's signature
        """All names, in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002 - likewise
        """The command of that name, out of its module in `commands`."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"commands.{cmd_name.replace('-', '_')}")
        command = typer.main.get_command(module.cli)
        assert isinstance(command, TyperCommand)  # noqa: S101 - a Typer of one command is that command
        command.name = cmd_name
        return command


cli = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, help=__doc__)


@cli.callback()
def commands() -> None:
    """The operator's commands."""


if __name__ == "__main__":
    cli()
