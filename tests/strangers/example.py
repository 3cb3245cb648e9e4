"""How each operation is asked for: what the schema cannot say by itself.

Every module in `tests/strangers/examples/` gives

    EXAMPLES = {"deleteProject": Example(lambda w: {"input": {"projectId": w.film.id}}), ...}

one for each operation that its domain has, `NODES` for the kinds of nodes that `node(id)` finds, and
`async def furnish(world)` where the world needs more documents than it has. An operation of the schema
without an example fails the test.
"""

import importlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from access.permissions import Permission
from tests.strangers.world import World

Variables = Callable[[World], Mapping[str, Any]]

NULL = "NULL"
"""The outcome of a query that answers null, without an error, for what is not the caller's to see."""


@dataclass(frozen=True)
class Example:
    """One operation, as somebody asks for it who may.

    Args:
        variables: arguments that succeed for `by`, in the world as it is furnished.
        by: name of the person who may; None for the default of the permission's level: the film's `owner`,
            the company's `admin`, the platform's `operator`.
        is_own: it concerns whoever asks and names nobody's node: everybody who is signed in may do this to
            themselves, and whatever it touches or tells must be theirs.
        needs: what the target takes where the operation itself is open, as `node` is, or takes no more than
            an account, as `createUpload` does.
        unseen: outcome for those who may not see the target: an `extensions.code`, a code of `userErrors`, or
            NULL.
        forged: arguments of an open operation for a stranger, who has not what it takes: another password, a
            made-up token. All strangers then get `unseen`.
        refusals: outcomes that differ, by the caller's name.
        is_harmless: everybody may, and it tells nothing of anybody.
        changes: whether something is stored when it succeeds; False for a mutation that only answers.
    """

    variables: Variables = field(default=lambda _: {})
    by: str | None = None
    is_own: bool = False
    needs: Permission | None = None
    unseen: str = "NOT_FOUND"
    forged: Variables | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)
    is_harmless: bool = False
    changes: bool = True


@dataclass(frozen=True)
class NodeExample:
    """One node of a kind that `node(id)` finds.

    Args:
        gid: its global id.
        needs: the permission to see it.
        by: the person who sees it, as in `Example`.
    """

    gid: Callable[[World], str]
    needs: Permission = Permission.PROJECT_VIEW
    by: str | None = None


@cache
def _modules() -> tuple[ModuleType, ...]:
    folder = Path(__file__).with_name("examples")
    names = sorted(path.stem for path in folder.glob("*.py"))
    return tuple(importlib.import_module(f"tests.strangers.examples.{name}") for name in names)


def _gathered(name: str) -> Iterator[tuple[str, Any]]:
    for module in _modules():
        yield from getattr(module, name, {}).items()


@cache
def examples() -> Mapping[str, Example]:
    """All examples by the operation's name. Two for one operation are a mistake."""
    pairs = list(_gathered("EXAMPLES"))
    assert len(pairs) == len({name for name, _ in pairs}), "an operation has two examples"
    return dict(pairs)


@cache
def nodes() -> Mapping[str, NodeExample]:
    """All examples of nodes by their type's name."""
    return dict(_gathered("NODES"))


async def furnish(world: World) -> None:
    """Put into the world what the examples speak of, in the order of the modules' names."""
    for module in _modules():
        step: Callable[[World], Awaitable[None]] | None = getattr(module, "furnish", None)
        if step is not None:
            await step(world)
