"""Everything on one machine."""

import os
import socket
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from commands.environment import CHECKOUT, data_folder, environment, settings_or_exit
from commands.servers import embedded_stack, variables_of
from devstack.errors import StackError
from devstack.process import Launch, SupervisedProcess
from settings.environment import variable
from tasks.stop_signal import StopSignal

_GRACE_S = 20.0
_LOOK_INTERVAL_S = 0.5
_RESTART_AFTER_S = 3.0
_LONG_LIFE_S = 30.0
_SHORT_LIVES = 3

cli = typer.Typer(add_completion=False)


@cli.command()
def run(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
) -> None:
    """Run everything on this machine: embedded stack, API and workers. Data stay in .framewright/."""
    environ = environment()
    data_dir = data_folder(environ)
    refuse_taken(host, port)
    stack = embedded_stack(environ)
    try:
        given = variables_of(stack.start())
        # Listening everywhere is no address that a browser could follow.
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        public_url = environ.get(variable("public_url")) or f"http://{shown}:{port}"
        given[variable("public_url")] = public_url
        settings_or_exit(environ | given)  # else each process would say it, in its log
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
