"""What a command finds around it: the environment, the folder for data, and the settings that they make."""

import os
from collections.abc import Mapping
from pathlib import Path

import typer
from dotenv import dotenv_values

from settings.development import development_secrets
from settings.environment import load_settings, variable
from settings.errors import SettingsRefused
from settings.sections import Settings

CHECKOUT = Path(__file__).parents[1]


def environment() -> dict[str, str]:
    """The environment, and behind it the file `.env` of the checkout."""
    return {**{name: value or "" for name, value in dotenv_values(CHECKOUT / ".env").items()}, **os.environ}


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where this machine keeps what is not in the checkout."""
    return Path(environ.get(variable("data_dir")) or CHECKOUT / ".framewright")


def is_production(environ: Mapping[str, str]) -> bool:
    """Whether nothing may be assumed that is not set."""
    return environ.get(variable("env")) == "production"


def settings_or_exit(environ: dict[str, str], servers: Mapping[str, str] | None = None) -> Settings:
    """The settings, or one line that says what to change.

    Args:
        environ: what is set.
        servers: the embedded stack's addresses, for what is not.
    """
    fallback = {} if is_production(environ) else development_secrets(data_folder(environ))
    try:
        return load_settings(environ, fallback=fallback | dict(servers or {}))
    except SettingsRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
