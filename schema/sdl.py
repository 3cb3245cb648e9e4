"""The schema as text: what is committed, and what a release is compared with."""

import graphql
from strawberry import Schema


def sdl(schema: Schema) -> str:
    """The schema in GraphQL's definition language, types and fields by their names.

    Sorted here and not by Strawberry's `sort_schema`, which rebuilds the schema with plain enums: these
    cannot write the Python enums that resolvers return.
    """
    return (
        f"{graphql.print_schema(graphql.lexicographic_sort_schema(graphql.build_schema(schema.as_str())))}\n"
    )


def breaking_changes(released: str, current: str) -> list[str]:
    """Describe each change that can break a client.

    Args:
        released: SDL of the last release.
        current: SDL of now.
    """
    changes = graphql.find_breaking_changes(graphql.build_schema(released), graphql.build_schema(current))
    return [f"{change.type.name}: {change.description}" for change in changes]
