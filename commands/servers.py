"""The servers that a command needs: those that the environment names, and embedded ones for the rest."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from commands.environment import data_folder, environment, is_production, settings_or_exit
from devstack.stack import Stack, StackAddresses
from settings.environment import variable
from settings.sections import Settings

_NEEDED = ("mongodb_url", "redis_url", "s3_endpoint", "s3_access_key", "s3_secret_key")
_EMBEDDED = (*_NEEDED, "smtp_url")


@contextmanager
def settings_with_servers() -> Iterator[Settings]:
    """The settings; outside of production an embedded stack stands in for servers that are not set.

    Raises:
        StackError: the embedded stack does not start.
    """
    environ = environment()
    if is_production(environ) or all(environ.get(variable(name)) for name in _NEEDED):
        yield settings_or_exit(environ)
        return
    stack = embedded_stack(environ)
    try:
        yield settings_or_exit(environ, variables_of(stack.start()))
    finally:
        stack.stop()


def embedded_stack(environ: Mapping[str, str]) -> Stack:
    """The servers that the environment does not name."""
    given = {name: environ.get(variable(name)) or None for name in _EMBEDDED}
    return Stack(
        data_folder(environ),
        mongodb_url=given["mongodb_url"],
        redis_url=given["redis_url"],
        s3_endpoint=given["s3_endpoint"],
        s3_access_key=given["s3_access_key"],
        s3_secret_key=given["s3_secret_key"],
        smtp_url=given["smtp_url"],
    )


def variables_of(addresses: StackAddresses) -> dict[str, str]:
    """The stack's addresses as the environment would name them."""
    return {variable(name): str(getattr(addresses, name)) for name in _EMBEDDED}
