"""The library: entered with the asset, found by words, used again, and gone with the project or the file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents import newest_first
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.name_search import name_key
from documents.newest_first import Page, Window
from documents.projects.project import Project
from documents.tree.asset import Provenance, StoredFile
from documents.tree.script import VoiceRecording

TERMS_MAX: Final = 150
SEARCHED_MAX: Final = 12
_SAME_MAX: Final = 20
_UNSPACED_FROM: Final = "\u2e80"  # ideographs, kana and what goes with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What is entered; `recording` is a voice's, for its words."""

    id: PydanticObjectId
    kind: LibraryKind
    file: StoredFile
    provenance: Provenance
    scene_id: PydanticObjectId | None = None
    frame_id: PydanticObjectId | None = None
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    has_sound: bool = False
    recording: VoiceRecording | None = None


async def enter(project_id: PydanticObjectId, asset: Asset, *, session: AsyncClientSession) -> None:
    """Put an asset on record, in the transaction that attaches it; doing it again changes nothing."""
    which: dict[str, Any] = {"_id": project_id}
    shown: dict[str, Any] = dict.fromkeys(("owner_id", "company_id", "deleted_at", "title"), 1)
    if asset.frame_id is not None or asset.scene_id is not None:
        named = "script.scenes.frames._id" if asset.frame_id else "script.scenes._id"
        which[named] = asset.frame_id or asset.scene_id
        shown["script.scenes.$"] = 1
    raw = await Project.get_pymongo_collection().find_one(which, shown, session=session)
    if raw is None:
        return
    scenes = raw.get("script", {}).get("scenes", [])
    scene: dict[str, Any] = scenes[0] if scenes else {}
    frames = {each["_id"]: each for each in scene.get("frames", [])}
    frame: dict[str, Any] = frames.get(asset.frame_id, {})
    texts = (frame.get("narration"), asset.provenance.prompt, scene.get("title"), raw["title"])
    text = "\n".join(dict.fromkeys(each for each in texts if each))
    voice = asset.recording
    entry = LibraryEntry(
        id=asset.id,
        kind=asset.kind,
        project_id=project_id,
        scene_id=scene.get("_id"),
        frame_id=asset.frame_id,
        owner_id=raw["owner_id"],
        company_id=raw.get("company_id"),
        hidden_at=raw.get("deleted_at"),
        text=text,
        terms=terms(text, []),
        file=asset.file,
        width=asset.width,
        height=asset.height,
        duration_s=asset.duration_s,
        has_sound=asset.has_sound,
        words=voice.words if voice else [],
        **({"word_times": voice.word_times, "is_spoken": voice.is_spoken} if voice else {}),
        provenance=asset.provenance,
        created_at=asset.provenance.created_at,
    )
    stored = entry.model_dump(by_alias=True, exclude={"id", "revision_id"})
    await LibraryEntry.get_pymongo_collection().update_one(
        {"_id": asset.id}, {"$setOnInsert": stored}, upsert=True, session=session
    )


async def follow(project_ids: Collection[PydanticObjectId], *, session: AsyncClientSession | None) -> None:
    """Let entries be whose their projects are now; in the transaction that has changed these."""
    for project_id in project_ids:
        shown = dict.fromkeys(("owner_id", "company_id", "deleted_at"), 1)
        raw = await Project.get_pymongo_collection().find_one({"_id": project_id}, shown, session=session)
        if raw is not None:
            now = {
                "owner_id": raw["owner_id"],
                "company_id": raw.get("company_id"),
                "hidden_at": raw.get("deleted_at"),
            }
            await LibraryEntry.get_pymongo_collection().update_many(
                {"project_id": project_id}, {"$set": now}, session=session
            )


async def forget(project_id: PydanticObjectId, keys: Collection[str] | None = None) -> None:
    """Take entries out before their files go: those of some keys, or all of a project's."""
    which: dict[str, Any] = {"project_id": project_id}
    if keys is not None:
        which["file.key"] = {"$in": list(keys)}
    await LibraryEntry.get_pymongo_collection().delete_many(which)


async def page(
    whose: dict[str, Any],
    window: Window,
    *,
    search: str,
    tags: Sequence[str],
    kinds: Collection[LibraryKind],
) -> Page[LibraryEntry]:
    """Entries that hold each word and each tag, the newest first.

    Args:
        whose: the field and value with which an index begins.
        window: which part.
        search: words, in any case and order; a word is found whole.
        tags: people's own.
        kinds: of these kinds; all if empty.
    """
    query: dict[str, Any] = {**whose, "hidden_at": None}
    wanted = [*_words(search)[:SEARCHED_MAX], *(_tag_term(tag) for tag in tags)]
    # By kind the index gives one run for each, which MongoDB merges in order; by term it gives the order.
    query["kind"] = {"$in": [kind.value for kind in LibraryKind if not kinds or kind in kinds]}
    if wanted:
        rarest_first = sorted(dict.fromkeys(wanted), key=lambda term: (-len(term), term))
        query["$and"] = [{"terms": term} for term in rarest_first]
    (begins,) = whose
    hint = f"{begins}_by_{'terms' if wanted else 'kind'}"
    return await newest_first.page(LibraryEntry, query, window, by="created_at", hint=hint)


async def change_tags(
    entry_id: PydanticObjectId, tags: Sequence[str], *, expected_revision: int | None
) -> LibraryEntry | None:
    """Give an entry other tags; None if it is gone or has another revision than expected."""
    entry = await LibraryEntry.get(entry_id)
    if entry is None:
        return None
    expected = {} if expected_revision is None else {"revision": expected_revision}
    raw = await LibraryEntry.get_pymongo_collection().find_one_and_update(
        {"_id": entry_id, **expected},
        {"$set": {"tags": list(tags), "terms": terms(entry.text, tags)}, "$inc": {"revision": 1}},
        return_document=ReturnDocument.AFTER,
    )
    return None if raw is None else LibraryEntry.model_validate(raw)


async def used(entry_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> None:
    """Count one more use."""
    await LibraryEntry.get_pymongo_collection().update_one(
        {"_id": entry_id}, {"$inc": {"use_count": 1}, "$set": {"last_used_at": now}}, session=session
    )


async def made_from(inputs_hash: str, kind: LibraryKind, within: dict[str, Any]) -> Sequence[LibraryEntry]:
    """Entries of a kind that were made from exactly these inputs, the newest first."""
    query = {"provenance.inputs_hash": inputs_hash, "kind": kind, "hidden_at": None, **within}
    return await LibraryEntry.find(query).sort("-created_at").limit(_SAME_MAX).to_list()


async def same_bytes(entry: LibraryEntry) -> Sequence[LibraryEntry]:
    """Other entries with the very same bytes, the newest first, whoever may see them."""
    query = {"file.sha256": entry.file.sha256, "_id": {"$ne": entry.id}, "hidden_at": None}
    return await LibraryEntry.find(query).sort("-created_at").limit(_SAME_MAX).to_list()


def terms(text: str, tags: Sequence[str]) -> list[str]:
    """What a search compares: the words of a text and of its tags, each once, and the tags themselves."""
    words = [*(_tag_term(tag) for tag in tags), *_words(" ".join(tags)), *_words(text)]
    return list(dict.fromkeys(words))[:TERMS_MAX]


def _tag_term(tag: str) -> str:
    return f"#{name_key(tag)}"


def _words(text: str) -> list[str]:
    """Words without case and accents; of text without spaces, signs two by two."""
    found: list[str] = []
    for word in name_key(text).split():
        if word[0] >= _UNSPACED_FROM and len(word) > 1:
            found += [word[at : at + 2] for at in range(len(word) - 1)]
        else:
            found.append(word)
    return found
