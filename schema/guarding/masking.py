"""What a client learns of an error: the one table from exceptions to `extensions.code`.

What the table does not know is a defect: logged whole with the request id, and shown as `INTERNAL`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import pymongo.errors
import redis.exceptions
import structlog
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult

from access.errors import Forbidden, NotFound, RateLimited, Unauthenticated
from documents.errors import NodeMissing
from events.errors import EventsUnavailable, SlowSubscriber
from resolvers.errors import BadUserInput, Unavailable
from storage.errors import StorageUnavailable

_log = structlog.get_logger("graphql")

CODES: Final[Sequence[tuple[type[Exception], str]]] = (
    (Unauthenticated, "UNAUTHENTICATED"),
    (Forbidden, "FORBIDDEN"),
    (NotFound, "NOT_FOUND"),
    (NodeMissing, "NOT_FOUND"),
    (RateLimited, "RATE_LIMITED"),
    (BadUserInput, "BAD_USER_INPUT"),
    (Unavailable, "UNAVAILABLE"),
    (EventsUnavailable, "UNAVAILABLE"),
    (SlowSubscriber, "UNAVAILABLE"),
    (StorageUnavailable, "UNAVAILABLE"),
    (pymongo.errors.ConnectionFailure, "UNAVAILABLE"),
    (redis.exceptions.ConnectionError, "UNAVAILABLE"),
    (redis.exceptions.TimeoutError, "UNAVAILABLE"),
    (MissingQueryError, "BAD_USER_INPUT"),
    (CannotGetOperationTypeError, "BAD_USER_INPUT"),
    (InvalidOperationTypeError, "BAD_USER_INPUT"),
)
"""First match wins. An exception's own text is shown, save for those of `_WORDLESS`."""

_WORDLESS: Final = (
    pymongo.errors.PyMongoError,
    redis.exceptions.RedisError,
    EventsUnavailable,
    StorageUnavailable,
)
"""Their texts name hosts."""

_MOST_ERRORS: Final = 5
"""graphql-core reports up to 101 validation errors; a person mends one at a time."""


_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
"""Would tell the schema to those who may not ask for it, one near miss at a time."""


class _Identified(Protocol):
    request_id: str


def coded(error: GraphQLError, *, request_id: str, fallback: str = "BAD_USER_INPUT") -> GraphQLError:
    """The error as a client may see it, with its code.

    Args:
        error: as graphql-core reports it. One that has a code stays as it is.
        request_id: shown with and logged beside a defect.
        fallback: code of what graphql-core itself found wrong with the operation.
    """
    cause = error.original_error
    if isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if "code" in (error.extensions or {}):
        return error
    if isinstance(error, GraphQLSyntaxError):
        is_too_long = "tokens. Parsing aborted" in error.message
        return _shown(error, "QUERY_TOO_COMPLEX" if is_too_long else "GRAPHQL_PARSE_FAILED")
    if cause is None or isinstance(cause, GraphQLError):
        return _shown(error, fallback)
    for kind, code in CODES:
        if isinstance(cause, kind):
            return _known(error, cause, code, request_id)
    if error.path is None and error.nodes:
        # A value that a scalar or enum could not read: graphql-core's text names the argument and the value.
        return _shown(error, fallback)
    _log.error(
        "operation_failed",
        request_id=request_id,
        path=_path_text(error),
        exc_info=(type(cause), cause, cause.__traceback__),
    )
    text = f"Something went wrong on our side. Request id: {request_id}"
    return _shown(error, "INTERNAL", text, requestId=request_id)


def _known(error: GraphQLError, cause: Exception, code: str, request_id: str) -> GraphQLError:
    if isinstance(cause, RateLimited):
        return _shown(error, code, str(cause), retryAfter=math.ceil(cause.retry_after_s))
    if isinstance(cause, BadUserInput):
        return _shown(error, code, str(cause), field=cause.field)
    if isinstance(cause, CannotGetOperationTypeError | InvalidOperationTypeError):
        return _shown(error, code)
    if isinstance(cause, _WORDLESS):
        _log.warning(
            "dependency_unavailable",
            request_id=request_id,
            path=_path_text(error),
            cause=type(cause).__name__,
        )
        return _shown(error, code, "A part that this needs does not answer. Try again in a moment.")
    return _shown(error, code, str(cause))


def _shown(error: GraphQLError, code: str, message: str | None = None, **extensions: Any) -> GraphQLError:
    return GraphQLError(
        _SUGGESTION.sub("", error.message) if message is None else message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code, **extensions},
    )


def _path_text(error: GraphQLError) -> str:
    return ".".join(str(step) for step in error.path or ())


class MaskErrors(SchemaExtension):
    """Puts every error of every result through the table, over HTTP, SSE and WebSocket alike."""

    def __init__(self) -> None:
        self._is_stream = False
        self._is_invalid = False

    def on_operation(self) -> Iterator[None]:
        """Mask the result of a query or mutation once it is there."""
        yield
        result = self.execution_context.result
        if not self._is_stream and isinstance(result, CoreResult | ExecutionResult):
            self._mask(result)

    def on_validate(self) -> Iterator[None]:
        """Notice whether validation, rather than execution, refused the operation."""
        yield
        self._is_invalid = bool(self.execution_context.pre_execution_errors)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Mask each result of a stream before it is sent."""
        self._is_stream = True
        self._mask(result)
        yield

    def _mask(self, result: Any) -> None:
        if not result.errors:
            return
        context: _Identified = self.execution_context.context
        fallback = "GRAPHQL_VALIDATION_FAILED" if self._is_invalid else "BAD_USER_INPUT"
        errors = result.errors[:_MOST_ERRORS] if is_refused_whole(result) else result.errors
        result.errors = [coded(error, request_id=context.request_id, fallback=fallback) for error in errors]


def is_refused_whole(result: Any) -> bool:
    """Whether nothing of the operation was executed."""
    return result.data is None and bool(result.errors) and not any(error.path for error in result.errors)
