"""The tables of `docs/access.md`, written from the code's own data: permissions, roles, operations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from graphql import GraphQLSchema

from access.built_in_roles import BUILT_IN
from access.permissions import GRANTS, KEY_SCOPES, ROLE_PERMISSIONS, Level, Permission, of_level
from documents.projects.project_role import ProjectRole
from schema.guarding.rules import operations, rule_of

_YES: Final = "✓"


def with_tables(page: str, schema: GraphQLSchema) -> str:
    """The page with the tables as they are now, each between its own pair of markers.

    Raises:
        ValueError: the page lacks the markers of a table.
    """
    for name, body in _tables(schema).items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        head, has_begin, rest = page.partition(begin)
        _, has_end, tail = rest.partition(end)
        if not (has_begin and has_end):
            raise ValueError(f"The page has not the markers of the table {name!r}.")
        page = f"{head}{begin}{body}\n{end}{tail}"
    return page


def _tables(schema: GraphQLSchema) -> Mapping[str, str]:
    return {
        "permissions": _permissions(),
        "roles": _roles(),
        "project roles": _project_roles(),
        "operations": _operations(schema),
    }


def _permissions() -> str:
    rows = [
        (f"`{each.value}`", each.level.name.lower(), each.description, _mark(each in KEY_SCOPES))
        for each in Permission
    ]
    return _table(("permission", "comes from", "allows", "API keys"), rows)


def _roles() -> str:
    rows = [
        (f"`{each.value}`", *(_mark(each in role.permissions) for role in BUILT_IN))
        for each in Permission
        if each in ROLE_PERMISSIONS
    ]
    return _table(("permission", *(f"`{role.name}`" for role in BUILT_IN)), rows)


def _project_roles() -> str:
    rows = [
        (f"`{each.value}`", *(_mark(each in GRANTS[role]) for role in ProjectRole))
        for each in Permission
        if each in of_level(Level.PROJECT)
    ]
    return _table(("permission", *(f"`{role.value}`" for role in ProjectRole)), rows)


def _operations(schema: GraphQLSchema) -> str:
    found: dict[Permission | None, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for root, name, field in operations(schema):
        rule = rule_of(field)
        found[None if rule is None else rule.permission][root.name].append(f"`{name}`")
    roots = ("Query", "Mutation", "Subscription")
    rows = [
        (
            "nothing" if permission is None else f"`{permission.value}`",
            *(", ".join(sorted(found[permission][root])) for root in roots),
        )
        for permission in (None, *Permission)
        if permission in found
    ]
    return _table(("takes", "queries", "mutations", "subscriptions"), rows)


def _mark(is_so: bool) -> str:  # noqa: FBT001 - what it marks
    return _YES if is_so else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(line)} |".replace("|  |", "| |").replace("|  |", "| |") for line in lines
    )
