"""Relay connections over pages of stored things, made rather than written out for each list."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import strawberry
from strawberry.relay import PageInfo


class Borders(Protocol):
    """What a page knows of what lies around it."""

    @property
    def has_next(self) -> bool:
        """Whether more stand behind it."""
        ...

    @property
    def has_previous(self) -> bool:
        """Whether more stand in front of it."""
        ...


class PageOf(Borders, Protocol):
    """Part of a list, in list order."""

    @property
    def members(self) -> Sequence[Any]:
        """What is on the page."""
        ...


def page_info(page: Borders, members: Sequence[Any], place: Callable[[Any], str]) -> PageInfo:
    """What Relay needs to go on from a page.

    Args:
        page: as it was read.
        members: what is on it.
        place: the cursor of a member.
    """
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=place(members[0]) if members else None,
        end_cursor=place(members[-1]) if members else None,
    )


def connection_of(shown: type, description: str, *, one: str, place: Callable[[Any], str]) -> type[Any]:
    """The types `XConnection` and `XEdge` for a type `X`; the connection is resolved from a `PageOf`.

    Args:
        shown: the GraphQL type of a member, which is resolved from the member as it is stored.
        description: of the connection.
        one: what a member is called in descriptions, such as `render`.
        place: the cursor of a stored member.
    """
    name = shown.__name__

    @strawberry.type(name=f"{name}Edge", description=f"One {one} in a list.")
    class Edge:
        """A member with its place."""

        @strawberry.field(description="Where it stands in the list, for `after` and `before`.")
        def cursor(self, root: strawberry.Parent[Any]) -> str:
            """Its place."""
            return place(root)

        @strawberry.field(graphql_type=shown, description=f"The {one}.")
        def node(self, root: strawberry.Parent[Any]) -> Any:
            """The member itself."""
            return root

    @strawberry.type(name=f"{name}Connection", description=description)
    class Connection:
        """A page."""

        @strawberry.field(graphql_type=list[Edge], description=f"Each {one} with its place in the list.")
        def edges(self, root: strawberry.Parent[PageOf]) -> Sequence[Any]:
            """The members."""
            return root.members

        @strawberry.field(graphql_type=list[shown], description=f"Each {one} alone.")  # type: ignore[valid-type]
        def nodes(self, root: strawberry.Parent[PageOf]) -> Sequence[Any]:
            """The members."""
            return root.members

        @strawberry.field(description="Whether there is more, and where to go on.")
        def page_info(self, root: strawberry.Parent[PageOf]) -> PageInfo:
            """The page's borders."""
            return page_info(root, root.members, place)

    return Connection
