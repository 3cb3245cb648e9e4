"""Payloads of removals whose result is the thing itself: as it was, or on a conflict as it is."""

from typing import Any

import strawberry

from resolvers.outcome import Outcome
from schema.ids import document_gid


def gone_field(kind: str, description: str) -> Any:
    """The field that has the id of what is no longer there; null if it still is."""

    def gone_id(root: strawberry.Parent[Outcome[Any]]) -> str | None:
        return None if root.result is None or root.user_errors else document_gid(kind, root.result.id)

    return strawberry.field(resolver=gone_id, graphql_type=strawberry.ID | None, description=description)


def kept_field(graphql_type: object, description: str) -> Any:
    """The field that has the thing as it is, where it was not removed."""

    def kept(root: strawberry.Parent[Outcome[Any]]) -> Any:
        return root.result if root.user_errors else None

    return strawberry.field(resolver=kept, graphql_type=graphql_type | None, description=description)  # type: ignore[operator]  # any type of the schema
