"""The operator's commands."""

import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from dotenv import dotenv_values

from app import create_app
from devstack.stack import Stack, StackAddresses
from schema.root import build_schema
from schema.sdl import breaking_changes, sdl
from settings.development import development_secrets
from settings.environment import load_settings, variable
from settings.errors import SettingsRefused
from settings.example import env_example
from settings.sections import Settings
from web.graphiql_files import bring_files
from web.logs import configure_logs

CHECKOUT = Path(__file__).parent
_STACK = ("mongodb_url", "redis_url", "s3_endpoint", "s3_access_key", "s3_secret_key")

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
) -> None:
    """Serve the API. Outside of production an embedded stack stands in for servers that are not set."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    stack = None if environ.get(variable("env")) == "production" else embedded_stack(environ, data_dir)
    try:
        settings = settings_or_exit(environ, data_dir, None if stack is None else stack.start())
        configure_logs(settings.server.log_level)
        uvicorn.run(
            create_app(settings),
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,  # costs a window of memory a socket, and time a message
            ws_max_size=settings.api.max_body_bytes,
            proxy_headers=False,  # the application itself believes the proxies that are trusted
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=10,
        )
    finally:
        if stack is not None:
            stack.stop()


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


@cli.command()
def graphiql() -> None:
    """Install GraphiQL's files, as pinned by package-lock.json."""
    bring_files(CHECKOUT)


def environment() -> dict[str, str]:
    """The environment, and behind it the file `.env` of the checkout."""
    return {**{name: value or "" for name, value in dotenv_values(CHECKOUT / ".env").items()}, **os.environ}


def embedded_stack(environ: dict[str, str], data_dir: Path) -> Stack:
    """The servers that the environment does not name."""
    given = {name: environ.get(variable(name)) or None for name in _STACK}
    return Stack(
        data_dir,
        mongodb_url=given["mongodb_url"],
        redis_url=given["redis_url"],
        s3_endpoint=given["s3_endpoint"],
        s3_access_key=given["s3_access_key"],
        s3_secret_key=given["s3_secret_key"],
    )


def settings_or_exit(environ: dict[str, str], data_dir: Path, addresses: StackAddresses | None) -> Settings:
    """The settings, or one line that says what to change."""
    fallback = {}
    if addresses is not None:
        fallback = {variable(name): str(getattr(addresses, name)) for name in _STACK}
        fallback |= development_secrets(data_dir)
    try:
        return load_settings(environ, fallback=fallback)
    except SettingsRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused


if __name__ == "__main__":
    cli()
