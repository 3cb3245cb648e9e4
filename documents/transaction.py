"""What must agree across documents is written in one transaction."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.user import User

ResultT = TypeVar("ResultT")


async def in_transaction(work: Callable[[AsyncClientSession], Awaitable[ResultT]]) -> ResultT:
    """Run `work` in a transaction, again if another one came in between.

    Args:
        work: hands its session to every read and write; may run several times, so it does nothing else.
            What it raises ends the transaction without a trace.
    """
    client = User.get_pymongo_collection().database.client
    async with client.start_session() as session:
        return await session.with_transaction(work)
