"""What the pictures and voices of a project take from documents besides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from beanie import PydanticObjectId

from documents.companies.company import Company
from documents.projects.project import Project
from documents.tree.lexicon import LexiconEntry
from documents.tree.script import Frame, Scene
from documents.writers_room.character import Character


@dataclass(frozen=True, slots=True)
class Cast:
    """Who appears and speaks in a project, and how its company says words.

    Args:
        characters: by id; one that was deleted is not among them, and nowhere appears any more.
        lexicon: how words are said in all projects of the company; empty outside of companies.
    """

    characters: Mapping[PydanticObjectId, Character] = field(default_factory=dict)
    lexicon: tuple[LexiconEntry, ...] = ()

    def of(self, scene: Scene) -> Sequence[Character]:
        """Those who appear in a scene, in the order in which it names them."""
        return [self.characters[each] for each in scene.character_ids if each in self.characters]

    def speaker_of(self, frame: Frame) -> Character | None:
        """Who speaks a frame's narration; None for the project's own voice."""
        return None if frame.speaker_id is None else self.characters.get(frame.speaker_id)


def needs_cast(project: Project) -> bool:
    """Whether anything has to be read to know a project's cast."""
    return bool(project.company_id or _named(project))


async def cast_of(project: Project) -> Cast:
    """The cast of a project that was loaded whole; reads nothing where there is nothing to read."""
    lexicon = () if project.company_id is None else await Company.lexicon_of(project.company_id)
    named = _named(project)
    if not named:
        return Cast(lexicon=lexicon)
    wanted = {"_id": {"$in": sorted(named)}, "deleted_at": None}
    found = [Character.model_validate(raw) async for raw in Character.get_pymongo_collection().find(wanted)]
    return Cast({character.id: character for character in found}, lexicon=lexicon)


def _named(project: Project) -> set[PydanticObjectId]:
    named = {each for scene in project.script.scenes for each in scene.character_ids}
    return named | {frame.speaker_id for _, frame in project.frames() if frame.speaker_id is not None}
