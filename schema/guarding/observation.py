"""What is told about each operation: to logs and metrics, never with its text or variables."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


@dataclass(frozen=True, slots=True)
class Observation:
    """One operation that is over; of a subscription, the whole stream.

    Args:
        request_id: of its request or socket.
        kind: `query`, `mutation`, `subscription`, or `refused` where nothing was executed.
        field: its first root field, one of the schema's; empty if it was refused. A client's own operation
            name would make as many series as clients please.
        duration_s: from the arrival of the text to the last result.
        codes: of the errors of its last result.
    """

    request_id: str
    kind: str
    field: str
    duration_s: float
    codes: tuple[str, ...]


Observe = Callable[[Observation], None]


class Observed(SchemaExtension):
    """Reports each operation once; stands before the masking, so that it sees the codes."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        self._codes: tuple[str, ...] = ()
        self._is_executed = False

    def on_operation(self) -> Iterator[None]:
        """Time the operation."""
        started_s = time.perf_counter()
        try:
            yield
            if not self._codes:
                self._note(self.execution_context.result)
        finally:
            kind, field = self._name() if self._is_executed else ("refused", "")
            request_id = self.execution_context.context.request_id
            duration_s = time.perf_counter() - started_s
            self._observe(Observation(request_id, kind, field, duration_s, self._codes))

    def on_execute(self) -> Iterator[None]:
        """Notice that the operation was found good."""
        self._is_executed = True
        yield

    def on_stream_result(self, result: Any) -> Iterator[None]:
        """Remember what the last result of a stream came to."""
        yield
        self._note(result)

    def _note(self, result: Any) -> None:
        errors = getattr(result, "errors", None) or ()
        self._codes = tuple(str((error.extensions or {}).get("code", "")) for error in errors)

    def _name(self) -> tuple[str, str]:
        context = self.execution_context
        assert context.graphql_document is not None  # noqa: S101 - it was executed
        for part in context.graphql_document.definitions:
            name = part.name.value if isinstance(part, OperationDefinitionNode) and part.name else None
            if isinstance(part, OperationDefinitionNode) and name == context.operation_name:
                first = part.selection_set.selections[0]
                return part.operation.value, first.name.value if isinstance(first, FieldNode) else ""
        return "refused", ""
