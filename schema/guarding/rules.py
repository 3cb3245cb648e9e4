"""What each operation needs, declared with it and enforced before it runs.

An operation names its rule in its metadata:

    @strawberry.mutation(graphql_type=…, description=…, metadata=needs(Permission.PROJECT_EDIT))

Of a permission in a project only the scope of an API key is looked at here; what the viewer is to the
project is found by the loader, which names the permission again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from access.errors import Forbidden
from access.permissions import Level, Permission
from resolvers.context import Context

_NAME: Final = "rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may run an operation.

    Args:
        permission: what it takes; None where everybody may, signed in or not.
    """

    permission: Permission | None

    def check(self, context: Context) -> None:
        """Let the operation run, or not.

        Raises:
            Unauthenticated: nobody is signed in.
            Forbidden: the viewer's role or API key does not hold the permission, or it is one over a company
                and the viewer is in none.
        """
        permission = self.permission
        if permission is None:
            return
        is_of_project = permission.level is Level.PROJECT
        if is_of_project and context.viewer is None and context.guest is not None:
            return
        viewer = context.require_viewer()
        if not viewer.is_in_scope(permission):
            raise Forbidden(f"This API key has not the scope {permission.value}.")
        if permission is Permission.ACCOUNT_MANAGE and viewer.session_id is None:
            raise Forbidden("This takes a session: sign in instead of using an API key.")
        if viewer.lacks_second_factor and permission.level is Level.COMPANY:
            raise Forbidden("Your company demands a second factor: set one up first.")
        if permission.level is Level.COMPANY and viewer.company_id is None:
            raise Forbidden(
                "You are in no company: make one with createCompany, or accept an invitation to one."
            )
        if not is_of_project and not viewer.has(permission):
            raise Forbidden(f"This takes the permission {permission.value}.")


def needs(permission: Permission) -> dict[str, Any]:
    """Metadata of an operation for those who have this permission."""
    return {_NAME: Rule(permission)}


OPEN: Final[Mapping[str, Any]] = {_NAME: Rule(None)}
"""Metadata of an operation for everybody, signed in or not."""


def operations(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    """Every operation of a schema: its root, its name, its field."""
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        for name, field in root.fields.items() if root else ():
            yield root, name, field  # type: ignore[misc]  # the loop runs with a root alone


def rule_of(field: GraphQLField) -> Rule | None:
    """The rule that an operation was declared with."""
    definition = field.extensions.get("strawberry-definition")
    found = getattr(definition, "metadata", {}).get(_NAME)
    return found if isinstance(found, Rule) else None


def enforce(schema: GraphQLSchema) -> None:
    """Put every operation behind its rule, and say in its description what it takes.

    Raises:
        TypeError: an operation names none.
    """
    for root, name, field in operations(schema):
        rule = rule_of(field)
        if rule is None:
            raise TypeError(
                f"{root.name}.{name} names no rule: say what it needs (see schema/guarding/rules.py)."
            )
        if rule.permission is not None:
            field.description = f"{field.description} Takes `{rule.permission.value}`."
        if field.subscribe is not None:
            field.subscribe = _behind(rule, field.subscribe)
        elif field.resolve is not None:
            field.resolve = _behind(rule, field.resolve)


def _behind(rule: Rule, resolve: Any) -> Any:
    def guarded(source: Any, info: Any, **arguments: Any) -> Any:
        rule.check(info.context)
        return resolve(source, info, **arguments)

    return guarded
