"""Why the process does not start.

SettingsRefused
├── MissingSettings    variables that must be set are not
├── UnknownSettings    variables with our prefix that nobody reads
└── InvalidSettings    values that make no sense
"""

from collections.abc import Mapping, Sequence


class SettingsRefused(Exception):
    """The environment does not describe a server; the message says what to change."""


class MissingSettings(SettingsRefused):
    """Variables without a default are unset.

    Args:
        variables: their full names.
        hint: where the values could come from.
    """

    def __init__(self, variables: Sequence[str], hint: str) -> None:
        super().__init__(f"Not set: {', '.join(variables)}. {hint}")
        self.variables = tuple(variables)


class UnknownSettings(SettingsRefused):
    """Variables that look like ours and are not: most likely misspelt.

    Args:
        nearest: by unknown variable the name that it resembles, or None.
    """

    def __init__(self, nearest: Mapping[str, str | None]) -> None:
        hints = (f"{name} (did you mean {hint}?)" if hint else name for name, hint in nearest.items())
        super().__init__(f"Unknown settings: {', '.join(hints)}. All of them are listed in .env.example.")
        self.nearest = dict(nearest)


class InvalidSettings(SettingsRefused):
    """Values that cannot be read.

    Args:
        problems: by variable what is wrong. The value itself is never repeated: it may be a secret.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{variable}: {problem}" for variable, problem in problems.items()))
        self.problems = dict(problems)
