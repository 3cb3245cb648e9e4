"""From environment variables to settings, or a refusal that says what to change."""

import difflib
from collections.abc import Mapping

from pydantic import ValidationError

from settings.errors import InvalidSettings, MissingSettings, UnknownSettings
from settings.section import Section
from settings.sections import Settings

PREFIX = "FRAMEWRIGHT_"


def sections() -> Mapping[str, type[Section]]:
    """The sections by their name in `Settings`, in the order of `.env.example`."""
    found = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        assert isinstance(section, type)  # noqa: S101 - each field of Settings is one plain section
        assert issubclass(section, Section)  # noqa: S101 - likewise
        found[name] = section
    return found


def variable(field: str) -> str:
    """The variable of a field."""
    return f"{PREFIX}{field.upper()}"


def load_settings(environ: Mapping[str, str], *, fallback: Mapping[str, str] | None = None) -> Settings:
    """Read all settings.

    Args:
        environ: the environment. Variables that are set to nothing count as unset.
        fallback: values, by full variable name, for what the environment leaves unset: addresses of the
            embedded stack and generated secrets. Never used in production.

    Raises:
        UnknownSettings: a variable with our prefix that is no setting.
        MissingSettings: a variable without a default is unset.
        InvalidSettings: a value cannot be read.
    """
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value.strip()}
    known = {variable(field) for section in sections().values() for field in section.model_fields}
    _refuse_unknown({name for name in environ if name.startswith(PREFIX)} - known, known)
    is_production = given.get(variable("env")) == "production"
    values = given if is_production else {**(fallback or {}), **given}
    required = [
        variable(field)
        for section in sections().values()
        for field, info in section.model_fields.items()
        if info.is_required()
    ]
    if missing := [name for name in required if name not in values]:
        source = (
            "In production each must be set."
            if is_production
            else "`make run` brings an embedded stack with them."
        )
        raise MissingSettings(missing, source)
    loaded: dict[str, Section] = {}
    problems: dict[str, str] = {}
    for name, section in sections().items():
        try:
            loaded[name] = section.model_validate(
                {
                    field: values[variable(field)]
                    for field in section.model_fields
                    if variable(field) in values
                }
            )
        except ValidationError as refused:
            problems.update(_problems(refused))
    if problems:
        raise InvalidSettings(problems)
    return Settings.model_validate(loaded)


def _refuse_unknown(unknown: set[str], known: set[str]) -> None:
    if not unknown:
        return
    nearest = {
        name: next(iter(difflib.get_close_matches(name, known, n=1)), None) for name in sorted(unknown)
    }
    raise UnknownSettings(nearest)


def _problems(refused: ValidationError) -> dict[str, str]:
    # A check of the whole section has no field; its message names the value.
    problems: dict[str, str] = {}
    for error in refused.errors():
        name = variable(str(error["loc"][0])) if error["loc"] else "settings"
        within = ".".join(str(part) for part in error["loc"][1:])
        text = f"{within}: {error['msg']}" if within else error["msg"]
        problems[name] = f"{problems[name]}; {text}" if name in problems else text
    return problems
