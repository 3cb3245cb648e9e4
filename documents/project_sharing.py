"""Who may see a project besides its owner: writes inside the transactions that change it."""

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.project import Project


async def hold(project_id: PydanticObjectId, *, session: AsyncClientSession) -> bool:
    """Make transactions that share one project run one after another; False if it is gone or deleted."""
    result = await Project.get_pymongo_collection().update_one(
        {"_id": project_id, "deleted_at": None}, {"$inc": {"sharing_turns": 1}}, session=session
    )
    return result.matched_count == 1
