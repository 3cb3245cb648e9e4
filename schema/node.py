"""Nodes: their global ids, and how any of them is found by its id."""

from typing import Annotated, Any, ClassVar

import strawberry
from strawberry import relay

from documents.tree.node import Node as StoredNode
from resolvers import nodes
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import projects
from resolvers.tree.changes import Removed
from schema.guarding.rules import OPEN
from schema.ids import any_ref, tree_gid

Info = strawberry.Info[Context, None]


@strawberry.type
class TreeNode(relay.Node):
    """What the types of nodes inside a project's tree share. A base for Python alone.

    A field of such a type is an attribute of its document or a pure function of it: who may see the project
    was decided before it was loaded.
    """

    shows: ClassVar[type[StoredNode]]

    id: relay.NodeID[str]
    revision: int = strawberry.field(
        description="Raised with each change to this node itself; for `expectedRevision`."
    )

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[Any]) -> str:
        """Kind, project and node: enough to find it with one look-up."""
        return tree_gid(type(root).__name__, root.project_id, root.id)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored nodes are shown as they are."""
        return isinstance(obj, cls.shows)


def stale_field(description: str) -> Any:
    """The field `isStale` of a type whose documents `resolvers.tree.trees` can judge."""

    def is_stale(root: strawberry.Parent[Any], info: Info) -> Any:
        return projects.is_stale(info.context, root)

    return strawberry.field(resolver=is_stale, graphql_type=bool, description=description)


def removed_field(description: str) -> Any:
    """The field of a payload that has the id of a node which is no longer there; null if it still is."""

    def removed_id(root: strawberry.Parent[Outcome[Any]]) -> str | None:
        gone = root.result
        if not isinstance(gone, Removed):
            return None
        return tree_gid(gone.kind, gone.project_id, gone.node_id)

    return strawberry.field(resolver=removed_id, graphql_type=strawberry.ID | None, description=description)


def current_field(graphql_type: object, description: str) -> Any:
    """The field of a removal's payload that has the node as it is, where it was not removed."""

    def current(root: strawberry.Parent[Outcome[Any]]) -> Any:
        return None if isinstance(root.result, Removed) else root.result

    return strawberry.field(resolver=current, graphql_type=graphql_type | None, description=description)  # type: ignore[operator]  # any type of the schema


@strawberry.type
class NodeQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=relay.Node | None,
        description="Any node by its id; null if it does not exist or the viewer may not see it.",
        metadata=OPEN,
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="An `id` as the API returned it.")],
    ) -> object | None:
        """One node."""
        ref = any_ref(id, "id")
        return await nodes.node(info.context, ref.kind, ref.oid, project_id=ref.project_id)

    @strawberry.field(
        graphql_type=list[relay.Node | None],
        description="Nodes by their ids, at most 100, in the order of the ids; null for each that does not "
        "exist or that the viewer may not see.",
        metadata=OPEN,
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Each an `id` as the API returned it.")
        ],
    ) -> list[object | None]:
        """Several nodes; a project is loaded once, however many of its nodes are asked for."""
        refs = [any_ref(each, f"ids.{index}") for index, each in enumerate(ids)]
        return [await nodes.node(info.context, ref.kind, ref.oid, project_id=ref.project_id) for ref in refs]
