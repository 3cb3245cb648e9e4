"""Taking something out of the library into a frame, a scene or a project's music."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.tree import place as places
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import Music, MusicTrack
from documents.tree.changes import TreeEditor
from documents.tree.edit import Changed
from documents.tree.look import SoundEffect
from documents.tree.media_edit import MediaEditor
from documents.tree.script import Clip, Frame, Image, Scene, VoiceRecording, WordTiming
from providers.protocols.speech import SpokenWord
from resolvers.companies.company_copies import drop_copies, make_copies
from resolvers.context import Context
from resolvers.media.library import load
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.tree import edit_locks
from resolvers.tree.changes import answer
from storage import keys
from tasks.making.word_times import Timed, shown_instead

_GOES_TO = {
    LibraryKind.IMAGE: "frameId",
    LibraryKind.VOICEOVER: "frameId",
    LibraryKind.SOUND_EFFECT: "frameId",
    LibraryKind.CLIP: "sceneId",
    LibraryKind.MUSIC: "projectId",
}
_FOLDERS: Mapping[LibraryKind, Literal["images", "clips", "voiceovers", "sounds"]] = {
    LibraryKind.IMAGE: "images",
    LibraryKind.VOICEOVER: "voiceovers",
    LibraryKind.SOUND_EFFECT: "sounds",
    LibraryKind.CLIP: "clips",
}
Place = tuple[PydanticObjectId, PydanticObjectId]
"""A node inside a project: the project's id, and its own."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of it: the project as it is now, and the part that got the asset."""

    project: Project
    scene: Scene | None
    frame: Frame | None


class _Taking:
    """One entry on its way into one project."""

    def __init__(self, context: Context, entry: LibraryEntry, project: Project) -> None:
        self._context = context
        self.entry = entry
        self.project = project
        self.asset_id = PydanticObjectId()
        self.scene: Scene | None = None
        self.frame: Frame | None = None

    @property
    def copy(self) -> Copy:
        """Where the copy lies."""
        project = str(self.project.id)
        if self.entry.kind is LibraryKind.MUSIC:
            return Copy(self.entry.file, str(self.asset_id), partial(keys.project_music, project))
        assert self.scene is not None  # noqa: S101 - all but music have one
        key = partial(keys.scene_asset, project, str(self.scene.id), _FOLDERS[self.entry.kind])
        return Copy(self.entry.file, str(self.asset_id), key)

    @property
    def provenance(self) -> Provenance:
        """Where it comes from; what it was made from does not matter here: somebody chose it as it is."""
        made = {
            "origin": Origin.REUSED,
            "cost_micros": 0,
            "duration_ms": None,
            "provider_id": None,
            "inputs_hash": None,
            "job_id": None,
            "parent_id": self.entry.id,
            "parent_kind": LibraryEntry.__name__,
            "created_by": self._context.require_viewer().user_id,
            "created_at": self._context.services.now(),
        }
        return self.entry.provenance.model_copy(update=made)

    async def attach(self, edit: TreeEditor, *, choose: bool) -> Changed:
        """Put it where it belongs."""
        entry, file = self.entry, self.copy.copied
        given: dict[str, Any] = {"id": self.asset_id, "file": file, "provenance": self.provenance}
        size = {"width": entry.width, "height": entry.height}
        if entry.kind is LibraryKind.MUSIC:
            track = MusicTrack(**given, duration_s=entry.duration_s)
            return await edit.set_fields(
                places.section(Music), {"track": track.stored()}, kind=ChangeKind.ASSET_READY
            )
        if entry.kind is LibraryKind.CLIP:
            assert self.scene is not None  # noqa: S101 - where it goes was checked
            clip = Clip(**given, **size, duration_s=entry.duration_s, has_sound=entry.has_sound)
            return await edit.add_clip(self.scene.id, clip, choose=choose)
        assert self.frame is not None  # noqa: S101 - likewise
        if entry.kind is LibraryKind.IMAGE:
            return await edit.add_image(self.frame.id, Image(**given, **size), choose=choose)
        if entry.kind is LibraryKind.SOUND_EFFECT:
            prompt = entry.provenance.prompt or ""
            effect = SoundEffect(**given, prompt=prompt, duration_s=entry.duration_s)
            return await MediaEditor(edit).add_sound_effect(
                self.frame.id, effect, kind=ChangeKind.ASSET_READY
            )
        recording = await asyncio.to_thread(self._recording, self.frame)
        return await edit.set_fields(
            places.voiceover(self.frame.id), {"recording": recording.stored()}, kind=ChangeKind.ASSET_READY
        )

    def _recording(self, frame: Frame) -> VoiceRecording:
        """The voice with this frame's words: captions show what is written here."""
        entry = self.entry
        timed = shown_instead(
            frame.narration,
            self.project.brief.language,
            Timed((), entry.word_times, entry.duration_s),
            [SpokenWord(word.text, word.start_s, word.end_s) for word in entry.words],
        )
        return VoiceRecording(
            file=self.copy.copied,
            duration_s=entry.duration_s,
            words=[
                WordTiming(text=word.text, start_s=word.start_s, end_s=word.end_s) for word in timed.words
            ],
            word_times=timed.by,
            is_spoken=entry.is_spoken,
            provenance=self.provenance,
        )


async def take(
    context: Context,
    entry_id: PydanticObjectId,
    *,
    frame: Place | None,
    scene: Place | None,
    project_id: PydanticObjectId | None,
    choose: bool,
) -> Outcome[Taken]:
    """Copy an entry's file to exactly one place; nothing is bought.

    Args:
        context: the operation's.
        entry_id: what is taken.
        frame: for a picture, a voice or a sound effect.
        scene: for a clip.
        project_id: for music.
        choose: whether a candidate is shown from now on.

    Raises:
        NotFound, Forbidden: the viewer may not see the entry, the project or the place in it, or not change
            the project.
    """
    entry = await load(context, entry_id)
    given = {"frameId": frame, "sceneId": scene, "projectId": project_id}
    named = [name for name, value in given.items() if value is not None]
    wanted = _GOES_TO[entry.kind]
    if named != [wanted]:
        text = f"Of the kind {entry.kind.value}: give `{wanted}`, and nothing else."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.entryId")
    inside = frame or scene
    where = inside[0] if inside is not None else project_id
    assert where is not None  # noqa: S101 - one of them was given
    project = await context.projects.load(where, Permission.PROJECT_EDIT)
    taking = _Taking(context, entry, project)
    taking.scene, taking.frame = _place(project, scene, frame)
    hand = await edit_locks.hand(context, project)
    now = context.services.now()
    copies = [taking.copy]
    await make_copies(context, copies, LibraryEntry.__name__)

    async def write(session: AsyncClientSession) -> Changed:
        edit = TreeEditor(project.id, context.services.caps, now, session, hand)
        changed = await taking.attach(edit, choose=choose)
        await library.used(entry.id, now=now, session=session)
        return changed

    try:
        outcome = await answer(context, in_transaction(write))
    except Exception:
        await drop_copies(context, copies)
        raise
    if outcome.user_errors:
        await drop_copies(context, copies)
        return Outcome(user_errors=outcome.user_errors)
    project = await context.projects.load(where, Permission.PROJECT_VIEW)
    return Outcome(Taken(project, *_place(project, scene, frame)))


def _place(project: Project, scene: Place | None, frame: Place | None) -> tuple[Scene | None, Frame | None]:
    if frame is not None:
        for around, each in project.frames():
            if each.id == frame[1]:
                return around, each
        raise NotFound("Frame")
    if scene is not None:
        for each_scene in project.script.scenes:
            if each_scene.id == scene[1]:
                return each_scene, None
        raise NotFound("Scene")
    return None, None
