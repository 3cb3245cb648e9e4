"""All fonts at once."""

from pathlib import Path

import typer

from commands.environment import data_folder, environment
from rendering.fonts import FontShelf
from settings.environment import variable

cli = typer.Typer(add_completion=False)


@cli.command()
def fonts() -> None:
    """Fetch all fonts now, for machines that will have no registry when a text needs one."""
    environ = environment()
    cache_dir = Path(environ.get(variable("cache_dir")) or data_folder(environ) / "cache")
    FontShelf(cache_dir / "fonts").fetch_all()
