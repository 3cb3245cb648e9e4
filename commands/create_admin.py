"""The first one who runs the platform."""

import asyncio
import sys
from getpass import getpass
from typing import Annotated

import typer
from beanie import init_beanie
from pymongo import AsyncMongoClient

from access.built_in_roles import store_built_in_roles
from access.email_addresses import MalformedAddress
from access.operators import OperatorRefused, make_operator
from access.passwords import Passwords
from commands.servers import settings_with_servers
from composition.clock import utc_now
from devstack.errors import StackError
from documents import MODELS
from documents.accounts.user import User
from settings.sections import Settings

cli = typer.Typer(add_completion=False)


@cli.command()
def create_admin(
    email: Annotated[str, typer.Argument(help="E-mail address of the account, new or not.")],
    name: Annotated[str, typer.Option(help="Name of a new account.")] = "Administrator",
) -> None:
    """Let somebody run the platform. The password of a new account is asked for, or read from a pipe."""
    try:
        with settings_with_servers() as settings:
            password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
            user = asyncio.run(make_admin(settings, email, name=name, password=password or None))
            typer.echo(f"{user.email} runs the platform now.")
    except (OperatorRefused, MalformedAddress, StackError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused


async def make_admin(settings: Settings, email: str, *, name: str, password: str | None) -> User:
    """Let somebody run the platform.

    Raises:
        OperatorRefused, MalformedAddress: as for `make_operator`.
    """
    passwords = Passwords()
    try:
        async with AsyncMongoClient[dict[str, object]](
            settings.database.mongodb_url.get_secret_value(),
            tz_aware=True,
            uuidRepresentation="standard",
            serverSelectionTimeoutMS=5_000,
            appname="framewright-cli",
        ) as mongo:
            database = mongo[settings.database.mongodb_database]
            await init_beanie(database=database, document_models=list(MODELS))
            await store_built_in_roles()
            return await make_operator(email, name=name, password=password, passwords=passwords, now=utc_now)
    finally:
        passwords.close()
