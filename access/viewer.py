"""Who is asking."""

from dataclasses import dataclass

from beanie import PydanticObjectId


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in user, as proved by an access token whose session is still open."""

    user_id: PydanticObjectId
    session_id: PydanticObjectId
