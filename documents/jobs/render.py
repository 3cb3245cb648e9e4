"""A render: the finished files of one state of a project's timeline."""

from datetime import datetime
from typing import ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.tree.asset import StoredFile


class Render(Document):
    """One finished file set; never changed once it is there.

    Args:
        project_revision: the project's revision when its timeline was taken.
        timeline_hash: SHA-256 of the timeline that was rendered.
        video_frames: how many encoded pictures the video has.
        loudness_lufs: integrated loudness (EBU R 128).
        true_peak_dbtp: highest true peak.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    project_id: PydanticObjectId
    job_id: PydanticObjectId
    owner_id: PydanticObjectId
    project_revision: int
    timeline_hash: str
    width: int
    height: int
    fps: int
    duration_s: float
    video_frames: int
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    video: StoredFile
    poster: StoredFile
    captions_vtt: StoredFile
    captions_srt: StoredFile
    created_at: datetime

    class Settings:
        """Where renders live."""

        name = "renders"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("project_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("owner_id", ASCENDING)], name="of_owner"),
        ]
