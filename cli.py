"""The operator's commands."""

import asyncio
import os
import socket
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from getpass import getpass
from pathlib import Path
from typing import Annotated

import imageio_ffmpeg
import typer
import uvicorn
from dotenv import dotenv_values

from access.email_addresses import MalformedAddress
from access.operators import OperatorRefused
from app import (
    correspondence,
    create_app,
    job_policy,
    make_admin,
    object_store,
    provider_choice,
    redis_prefix,
    sealing,
    tree_caps,
)
from devstack.errors import StackError
from devstack.process import Launch, SupervisedProcess
from devstack.stack import Stack, StackAddresses
from documents.job import Queue
from rendering.fonts import FontShelf
from schema.access_tables import with_tables
from schema.root import build_schema
from schema.sdl import breaking_changes, sdl
from settings.development import development_secrets
from settings.environment import load_settings, variable
from settings.errors import SettingsRefused
from settings.example import env_example
from settings.sections import Settings
from tasks.kill_points import KillOrder, KillPoint
from tasks.stop_signal import StopSignal
from tasks.worker import WorkerOptions, run_worker
from web.graphiql_files import bring_files
from web.logs import configure_logs

CHECKOUT = Path(__file__).parent
_GRACE_S = 20.0
_LOOK_INTERVAL_S = 0.5
_RESTART_AFTER_S = 3.0
_LONG_LIFE_S = 30.0
_SHORT_LIVES = 3
_STACK = ("mongodb_url", "redis_url", "s3_endpoint", "s3_access_key", "s3_secret_key")
_EMBEDDED = (*_STACK, "smtp_url")

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
) -> None:
    """Serve the API. Outside of production an embedded stack stands in for servers that are not set."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    stack = None if is_complete(environ) else embedded_stack(environ, data_dir)
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
def work(
    queues: Annotated[str, typer.Option(help="Queues to serve, comma-separated.")] = "generate,publish,house",
    threads: Annotated[int, typer.Option(help="Jobs to work on at once.", min=1)] = 8,
    kill_at: Annotated[KillPoint | None, typer.Option(hidden=True)] = None,
    kill_witness: Annotated[Path, typer.Option(hidden=True)] = Path("killed"),
) -> None:
    """Work on jobs until stopped. Rendering wants a worker of its own: --queues render --threads CORES."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    settings = settings_or_exit(environ, data_dir, None)
    configure_logs(settings.server.log_level)
    order = KillOrder(kill_at, kill_witness) if kill_at else None
    served = tuple(Queue(name.strip()) for name in queues.split(","))
    run_worker(worker_options(settings, served, threads, order))


@cli.command()
def run(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
) -> None:
    """Run everything on this machine: embedded stack, API and workers. Data stay in .framewright/."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    refuse_taken(host, port)
    stack = embedded_stack(environ, data_dir)
    try:
        addresses = stack.start()
        given = {variable(name): str(getattr(addresses, name)) for name in _EMBEDDED}
        # Listening everywhere is no address that a browser could follow.
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        public_url = environ.get(variable("public_url")) or f"http://{shown}:{port}"
        given[variable("public_url")] = public_url
        settings_or_exit(environ | given, data_dir, addresses)  # else each process would say it, in its log
        commands = {
            "api": ["serve", "--host", host, "--port", str(port)],
            "generate": ["work", "--queues", "generate,publish,house", "--threads", "8"],
            "render": ["work", "--queues", "render", "--threads", str(os.cpu_count() or 1)],
        }
        typer.echo(f"GraphiQL: {public_url}/graphql   logs: {data_dir}/logs   stop: Ctrl+C")
        keep_running(commands, given, data_dir)
    except StackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    finally:
        stack.stop()


def refuse_taken(host: str, port: int) -> None:
    """Exit with one line if nobody can listen there, before anything is started."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        typer.echo(f"Cannot listen at {host}:{port}: {reason}. Try another: make run PORT=8001", err=True)
        raise typer.Exit(1) from error


def keep_running(commands: dict[str, list[str]], environ: dict[str, str], data_dir: Path) -> None:
    """Keep our own processes running until this one is told to stop; one that dies is started again."""
    stop = StopSignal()
    running: dict[str, SupervisedProcess] = {}
    started: dict[str, float] = {}
    short_lives: Counter[str] = Counter()
    try:
        while not stop.wait(_LOOK_INTERVAL_S):
            for name, arguments in commands.items():
                if name in running and running[name].is_running():
                    continue
                if time.monotonic() - started.get(name, -_RESTART_AFTER_S) < _RESTART_AFTER_S:
                    continue
                log = data_dir / "logs" / f"{name}.log"
                if name in running:
                    short_lives[name] += 1
                    if time.monotonic() - started[name] > _LONG_LIFE_S:
                        short_lives[name] = 0
                    if short_lives[name] >= _SHORT_LIVES:
                        typer.echo(f"{name} does not stay up; see {log}", err=True)
                        raise typer.Exit(1)
                    log = log.rename(log.with_suffix(".previous.log")).with_name(log.name)
                    typer.echo(f"{name} ended and is started again; see {name}.previous.log", err=True)
                launch = Launch([sys.executable, str(CHECKOUT / "cli.py"), *arguments], CHECKOUT, environ)
                running[name] = SupervisedProcess(launch, log=log, grace_s=_GRACE_S)
                started[name] = time.monotonic()
    finally:
        with ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(lambda process: process.stop(), running.values()))


def worker_options(
    settings: Settings, queues: tuple[Queue, ...], threads: int, kill_order: KillOrder | None
) -> WorkerOptions:
    """What the settings mean to a worker."""
    return WorkerOptions(
        queues=queues,
        threads=threads,
        mongodb_url=settings.database.mongodb_url.get_secret_value(),
        mongodb_database=settings.database.mongodb_database,
        redis_url=settings.messages.redis_url.get_secret_value(),
        prefix=redis_prefix(settings),
        make_objects=lambda: object_store(settings.storage),
        make_providers=lambda redis: provider_choice(settings, redis),
        caps=tree_caps(settings),
        policy=job_policy(settings),
        cache_dir=settings.server.cache_dir.resolve(),
        ffmpeg=Path(imageio_ffmpeg.get_ffmpeg_exe()),
        correspondence=correspondence(settings),
        sealing=sealing(settings),
        kill_order=kill_order,
    )


@cli.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Argument(help="E-mail address of the account, new or not.")],
    name: Annotated[str, typer.Option(help="Name of a new account.")] = "Administrator",
) -> None:
    """Let somebody run the platform. The password of a new account is asked for, or read from a pipe."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    stack = None if is_complete(environ) else embedded_stack(environ, data_dir)
    try:
        settings = settings_or_exit(environ, data_dir, None if stack is None else stack.start())
        password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        user = asyncio.run(make_admin(settings, email, name=name, password=password or None))
        typer.echo(f"{user.email} runs the platform now.")
    except (OperatorRefused, MalformedAddress, StackError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused
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


@cli.command()
def fonts() -> None:
    """Fetch all fonts now, for machines that will have no registry when a text needs one."""
    environ = environment()
    data_dir = Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")
    cache_dir = Path(environ.get(variable("cache_dir")) or data_dir / "cache")
    FontShelf(cache_dir / "fonts").fetch_all()


@cli.command()
def graphiql(
    omit_dev: Annotated[bool, typer.Option("--omit-dev", help="Leave out what only tests need.")] = False,  # noqa: FBT002
) -> None:
    """Install GraphiQL's files, as pinned by package-lock.json."""
    bring_files(CHECKOUT, omits_dev=omit_dev)


def environment() -> dict[str, str]:
    """The environment, and behind it the file `.env` of the checkout."""
    return {**{name: value or "" for name, value in dotenv_values(CHECKOUT / ".env").items()}, **os.environ}


def is_complete(environ: dict[str, str]) -> bool:
    """Whether nothing is to be embedded: all servers are named, or this is production."""
    is_production = environ.get(variable("env")) == "production"
    return is_production or all(environ.get(variable(name)) for name in _STACK)


def embedded_stack(environ: dict[str, str], data_dir: Path) -> Stack:
    """The servers that the environment does not name."""
    given = {name: environ.get(variable(name)) or None for name in _EMBEDDED}
    return Stack(
        data_dir,
        mongodb_url=given["mongodb_url"],
        redis_url=given["redis_url"],
        s3_endpoint=given["s3_endpoint"],
        s3_access_key=given["s3_access_key"],
        s3_secret_key=given["s3_secret_key"],
        smtp_url=given["smtp_url"],
    )


def settings_or_exit(environ: dict[str, str], data_dir: Path, addresses: StackAddresses | None) -> Settings:
    """The settings, or one line that says what to change."""
    fallback = {}
    if environ.get(variable("env")) != "production":
        fallback = development_secrets(data_dir)
    if addresses is not None:
        fallback |= {variable(name): str(getattr(addresses, name)) for name in _EMBEDDED}
    try:
        return load_settings(environ, fallback=fallback)
    except SettingsRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused


if __name__ == "__main__":
    cli()
