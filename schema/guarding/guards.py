"""What an operation may ask for: refused before validation, in time linear in the document's length."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from schema.guarding.complexity import IntrospectionClosed, PageTooLarge, Tally, TooNested, Walk


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may have.

    Args:
        tokens: lexical tokens of the whole document.
        depth: levels of fields.
        fields: with all fragments unfolded, as are aliases and directives.
        page_size: the largest `first` or `last`, and the most `ids`.
        cost: fields, times the page sizes around them.
        introspection: whether the schema may be asked for; `__type` gives names and kinds even then.
        cached_documents: parsed and validated documents that are kept.
    """

    tokens: int = 3_000
    depth: int = 15
    fields: int = 1_000
    aliases: int = 50
    directives: int = 50
    page_size: int = 100
    cost: int = 50_000
    introspection: bool = True
    cached_documents: int = 128


REFUSED_COST: Final = 10
"""What an operation is taken to cost that the guards refuse."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guards think of an operation.

    Args:
        cost: of the operation; `REFUSED_COST` of one that is refused.
        refusal: why it may not run, or None.
    """

    cost: int
    refusal: GraphQLError | None = None


def verdict(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any],
    limits: Limits,
) -> Verdict:
    """Whether the operation may run, and what it costs.

    Args:
        schema: gives fields their types.
        document: parsed, not yet validated.
        operation_name: as the client gave it; None if it gave none.
        variables: as the client sent them.
        limits: the most that it may ask for.
    """
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if operation_name is None and len(operations) > 1:
        return _refused(
            "BAD_USER_INPUT", "The document holds several operations: say by operationName which one runs."
        )
    chosen = [
        one for one in operations if operation_name is None or (one.name and one.name.value == operation_name)
    ]
    if not chosen:
        return Verdict(1)  # the schema itself says that there is no such operation
    walk = Walk(schema, document, variables, max_page_size=limits.page_size, is_open=limits.introspection)
    try:
        tally = walk.operation(chosen[0])
    except TooNested:
        return _refused(
            "QUERY_TOO_COMPLEX", f"The operation is nested far deeper than {limits.depth} levels."
        )
    except PageTooLarge as page:
        text = f"`{page.argument}` asks for {page.size}; from 0 to {limits.page_size} are given at a time."
        return _refused("BAD_USER_INPUT", text, field=page.argument)
    except IntrospectionClosed:
        return _refused("FORBIDDEN", "Introspection is off here.")
    return _beyond(tally, limits) or Verdict(max(1, tally.cost))


def _beyond(tally: Tally, limits: Limits) -> Verdict | None:
    for name in ("depth", "fields", "aliases", "directives", "cost"):
        actual, most = getattr(tally, name), getattr(limits, name)
        if actual > most:
            # Fragments that spread fragments make numbers with thousands of digits.
            shown = str(actual) if actual < 10**12 else "more than a million million"
            text = f"The operation's {name}: {shown}, where {most} is the limit. Ask for less at a time."
            return _refused("QUERY_TOO_COMPLEX", text, limit=name, maximum=most)
    return None


def _refused(code: str, message: str, **extensions: Any) -> Verdict:
    return Verdict(REFUSED_COST, GraphQLError(message, extensions={"code": code, **extensions}))
