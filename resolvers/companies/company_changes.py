"""The one mechanism behind changes of what a company has: its brand assets and its car catalogue."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.errors import CapReached, RevisionStale
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

ResultT = TypeVar("ResultT")


def own_company(context: Context, permission: Permission, kind: str) -> PydanticObjectId:
    """The company in which a viewer may do this: of what belongs to any other, nothing is there.

    Args:
        context: the operation's.
        permission: what it takes.
        kind: GraphQL type of what is looked for.

    Raises:
        NotFound: the viewer belongs to no company, or may not see it.
        Forbidden: the viewer may see it but not do this.
    """
    company_id = context.require_viewer().company_id
    if company_id is None:
        raise NotFound(kind)
    try:
        context.companies.check(company_id, permission)
    except NotFound:
        raise NotFound(kind) from None
    return company_id


async def answer(change: Awaitable[ResultT]) -> Outcome[ResultT]:
    """Wait for one change and say what came of it.

    Raises:
        NodeMissing: what was to be changed is gone.
    """
    try:
        return Outcome(await change)
    except RevisionStale as stale:
        current: Any = stale.current
        return Outcome.refused(
            UserErrorCode.REVISION_CONFLICT,
            f"{stale} Look at it as it is now and try again with its revision.",
            at="input.expectedRevision",
            result=current,
        )
    except CapReached as cap:
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, f"{cap} Remove one first.")
