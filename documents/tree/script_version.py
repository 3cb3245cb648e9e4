"""Scripts that others took the place of, kept with their pictures, voices and clips."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.projects.project import Project
from documents.text import Line
from documents.tree.script import Script

KEPT: Final = 20
"""How many a project keeps; the oldest go first."""

_WORDS: Final = {"script.scenes.frames.narration": 1, "script.scenes.title": 1}


class ScriptVersion(Document):
    """A whole script as it was.

    Args:
        owner_id: whose the project was then.
        script: its scenes and frames with their candidates, as the tree held them; left out in lists.
        scenes: how many it has.
        frames: how many they have.
        replaced_at: when another one took its place.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    project_id: PydanticObjectId
    owner_id: PydanticObjectId
    title: Line = ""
    scenes: int
    frames: int
    script: Script | None = Field(default=None, repr=False)
    replaced_at: datetime

    class Settings:
        """Where they are kept and which lists they serve."""

        name = "script_versions"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("project_id", ASCENDING), ("replaced_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_project",
            ),
            IndexModel([("owner_id", ASCENDING)], name="of_owner"),
        ]

    @classmethod
    async def keep(cls, project_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> None:
        """Keep the script that a project has, before another one takes its place; an empty one is not kept.

        Args:
            project_id: the project.
            now: the time.
            session: the transaction in which it is replaced.
        """
        raw = await Project.get_pymongo_collection().find_one(
            {"_id": project_id, "deleted_at": None}, {"script": 1, "owner_id": 1}, session=session
        )
        scenes = raw["script"]["scenes"] if raw else []
        if raw is None or not scenes:
            return
        versions = cls.get_pymongo_collection()
        kept = {
            "project_id": project_id,
            "owner_id": raw["owner_id"],
            "title": raw["script"]["title"],
            "scenes": len(scenes),
            "frames": sum(len(scene["frames"]) for scene in scenes),
            "script": raw["script"],
            "replaced_at": now,
        }
        await versions.insert_one(kept, session=session)
        newest = [("replaced_at", DESCENDING), ("_id", DESCENDING)]
        found = versions.find({"project_id": project_id}, {"_id": 1}, session=session).sort(newest).skip(KEPT)
        if too_many := [each["_id"] async for each in found]:
            await versions.delete_many({"_id": {"$in": too_many}}, session=session)

    @classmethod
    async def take(
        cls, project_id: PydanticObjectId, version_id: PydanticObjectId, *, session: AsyncClientSession
    ) -> Script:
        """Take a script out of the versions, to become the project's again.

        Raises:
            NodeMissing: the project has no such version.
        """
        raw = await cls.get_pymongo_collection().find_one_and_delete(
            {"_id": version_id, "project_id": project_id}, session=session
        )
        if raw is None:
            raise NodeMissing("ScriptVersion")
        return Script.model_validate(raw["script"])

    @classmethod
    async def narration(cls, version_id: PydanticObjectId) -> list[tuple[str, list[str]]]:
        """What a version tells: of each scene its title and what is said in its frames."""
        found = cls.get_pymongo_collection().find_one({"_id": version_id}, _WORDS)
        raw: Mapping[str, Any] | None = await found
        scenes = raw["script"]["scenes"] if raw else []
        return [(scene["title"], [frame["narration"] for frame in scene["frames"]]) for scene in scenes]
