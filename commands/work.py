"""A worker."""

from pathlib import Path
from typing import Annotated

import typer

from commands.environment import environment, settings_or_exit
from composition.logs import configure_logs
from composition.worker import worker_options
from documents.jobs.job import Queue
from tasks.job_engine.kill_points import KillOrder, KillPoint
from tasks.worker import run_worker

cli = typer.Typer(add_completion=False)


@cli.command()
def work(
    queues: Annotated[str, typer.Option(help="Queues to serve, comma-separated.")] = "generate,publish,house",
    threads: Annotated[int, typer.Option(help="Jobs to work on at once.", min=1)] = 8,
    kill_at: Annotated[KillPoint | None, typer.Option(hidden=True)] = None,
    kill_witness: Annotated[Path, typer.Option(hidden=True)] = Path("killed"),
) -> None:
    """Work on jobs until stopped. Rendering wants a worker of its own: --queues render --threads CORES."""
    settings = settings_or_exit(environment())
    configure_logs(settings.server.log_level)
    order = KillOrder(kill_at, kill_witness) if kill_at else None
    served = tuple(Queue(name.strip()) for name in queues.split(","))
    run_worker(worker_options(settings, served, threads, order))
