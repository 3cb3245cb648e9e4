"""Parsed documents, kept for the next time."""

from collections.abc import Iterator
from contextlib import suppress

from graphql import GraphQLSyntaxError
from strawberry.extensions import ParserCache


class DocumentCache(ParserCache):
    """Strawberry's cache, made safe for streams.

    A syntax error that leaves this hook as an exception would end a WebSocket operation without a word. So it
    stays here, and the schema parses the text once more and reports what is wrong by its usual way.
    """

    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache, or parse and keep it."""
        context = self.execution_context
        with suppress(GraphQLSyntaxError):
            context.graphql_document = self.cached_parse_document(context.query, **context.parse_options)
        yield
