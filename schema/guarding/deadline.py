"""How long a query or mutation may take."""

import asyncio
from collections.abc import AsyncIterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType


class Deadline(SchemaExtension):
    """Cancels what takes longer; a subscription may take as long as it likes.

    Args:
        timeout_s: seconds from the start of the execution.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    async def on_execute(self) -> AsyncIterator[None]:
        """Run the execution under the limit."""
        if self.execution_context.operation_type is OperationType.SUBSCRIPTION:
            yield
            return
        try:
            async with asyncio.timeout(self._timeout_s) as limit:
                yield
        except TimeoutError as late:
            if not limit.expired():
                raise
            most = f"{self._timeout_s:g} s"
            text = f"This took longer than {most} and was stopped; a mutation may have been carried out."
            raise GraphQLError(text, extensions={"code": "UNAVAILABLE"}) from late
