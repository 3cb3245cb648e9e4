"""The viewer's own picture; a new one comes as an upload."""

from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import Unauthenticated
from documents.accounts.user import User
from documents.media import upload_life
from documents.media.upload import UploadPurpose
from documents.transaction import in_transaction
from resolvers.context import Context
from resolvers.outcome import Outcome


async def remove(context: Context) -> Outcome[User]:
    """Leave the viewer without a picture; its object is removed with the next sweep."""
    user_id, now = context.require_viewer().user_id, context.services.now()

    async def transaction(session: AsyncClientSession) -> User | None:
        user = await User.remove_avatar(user_id, now=now, session=session)
        await upload_life.release({"purpose": UploadPurpose.AVATAR, "user_id": user_id}, session=session)
        return user

    user = await in_transaction(transaction)
    if user is None:
        raise Unauthenticated
    return Outcome(user)
