"""A sound that becomes a project's music."""

from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.media import library
from documents.media.upload import Upload, UploadRefusal
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Music, MusicTrack
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from rendering.intake.media_types import SOUNDS
from storage import keys
from tasks.making.library_assets import music
from tasks.uploads.targets.in_project import PROJECT_GONE, told_to_the_sender
from tasks.uploads.targets.target import CheckedFile, Taken, TargetRefused


class ProjectMusic:
    """Over `documents.tree.brief.MusicTrack`, in the place of the one before."""

    asset_kind = "MusicTrack"

    def taken(self, upload: Upload) -> Taken:  # noqa: ARG002 - the same for every project
        """Sounds that the renderer opens, of up to an hour."""
        return Taken(SOUNDS, size_bytes=256 * 1024**2, duration_s=3_600.0)

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:  # noqa: ARG002
        """There is one track for each project; the one that is there already is left as it is."""
        query = {"_id": upload.project_id, "deleted_at": None}
        raw = await Project.get_pymongo_collection().find_one(query, {"music.track": 1})
        if raw is None:
            raise TargetRefused(UploadRefusal.TARGET_GONE, PROJECT_GONE)
        track = (raw.get("music") or {}).get("track")
        return track["_id"] if track and track["file"]["sha256"] == sha256 else None

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Among the project's music."""
        return keys.project_music(str(upload.in_project), str(asset_id), extension)

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Put it in the place of the last one."""
        track = MusicTrack(
            id=checked.asset_id,
            file=checked.file,
            duration_s=checked.duration_s,
            provenance=checked.provenance,
        )
        editor = TreeEditor(upload.in_project, caps, now, session)
        with told_to_the_sender(PROJECT_GONE):
            await editor.set_fields(
                places.section(Music), {"track": track.stored()}, kind=ChangeKind.ASSET_READY
            )
        await library.enter(upload.in_project, music(track), session=session)

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Leave the track as it is."""
