"""A project: one video in the making, its whole tree in one document."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.projects.change_event import ChangeEvent
from documents.projects.money import Budget
from documents.projects.project_role import ProjectRole
from documents.text import Paragraph, Tag, Title
from documents.tree.brief import Brief, Music, PublishingTexts, Style
from documents.tree.lexicon import Pronunciation
from documents.tree.node import Section, Stored, sections
from documents.tree.script import Frame, Scene, Script
from documents.tree.timeline import Timeline

_NO_SHOW = PydanticObjectId("0" * 24)


class ProjectStatus(StrEnum):
    """How far a project has come."""

    DRAFT = "DRAFT"
    PRODUCING = "PRODUCING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class AssetReuse(StrEnum):
    """Whether what exists already may be used instead of made anew."""

    NEVER = "NEVER"
    WITHIN_PROJECT = "WITHIN_PROJECT"
    WITHIN_LIBRARY = "WITHIN_LIBRARY"


class Collaborator(Stored):
    """A person who may see or change the project, its owner apart."""

    user_id: PydanticObjectId
    role: ProjectRole


class EditLock(Stored):
    """Who keeps other people from changing the tree, and until when.

    Args:
        session_id: the session that took it; another one of the same person is another hand.
    """

    user_id: PydanticObjectId
    session_id: PydanticObjectId
    taken_at: datetime
    renewed_at: datetime
    expires_at: datetime


class Project(Document):
    """One video in the making.

    Args:
        revision: raised with each change anywhere in the tree.
        timeline: None while it follows the script.
        translated_from: the project that it says in another language.
        production_id: the production that holds the project now.
        outbox: changes that are written and not yet told to the viewers.
        deleted_at: set while the project can still be restored.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    title: Title
    owner_id: PydanticObjectId
    company_id: PydanticObjectId | None = None
    folder_id: PydanticObjectId | None = None
    show_id: PydanticObjectId | None = None
    episode_number: Annotated[int, Field(ge=1, le=100_000)] | None = None
    channel_id: PydanticObjectId | None = None
    persona_id: PydanticObjectId | None = None
    persona_version: int | None = None
    description: Paragraph = ""
    tags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    status: ProjectStatus = ProjectStatus.DRAFT
    is_archived: bool = False
    asset_reuse: AssetReuse = AssetReuse.NEVER
    collaborators: list[Collaborator] = Field(default_factory=list)
    brief: Brief = Field(default_factory=Brief)
    style: Style = Field(default_factory=Style)
    script: Script = Field(default_factory=Script)
    timeline: Timeline | None = None
    music: Music = Field(default_factory=Music)
    publishing: PublishingTexts = Field(default_factory=PublishingTexts)
    pronunciation: Pronunciation = Field(default_factory=Pronunciation)
    budget: Budget = Field(default_factory=Budget)
    translated_from: PydanticObjectId | None = None
    production_id: PydanticObjectId | None = None
    latest_render_id: PydanticObjectId | None = None
    edit_lock: EditLock | None = None
    revision: int = 0
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    outbox: list[ChangeEvent] = Field(default_factory=list)

    class Settings:
        """Where projects live and which lists they serve."""

        name = "projects"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    ("owner_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("updated_at", DESCENDING),
                    ("_id", DESCENDING),
                ]
            ),
            IndexModel(
                [
                    ("owner_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ]
            ),
            IndexModel(
                [("owner_id", ASCENDING), ("deleted_at", ASCENDING), ("title", ASCENDING), ("_id", ASCENDING)]
            ),
            IndexModel(
                [
                    ("company_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("updated_at", DESCENDING),
                    ("_id", DESCENDING),
                ]
            ),
            IndexModel(
                [
                    ("company_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ]
            ),
            IndexModel(
                [
                    ("company_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("title", ASCENDING),
                    ("_id", ASCENDING),
                ]
            ),
            IndexModel(
                [
                    ("collaborators.user_id", ASCENDING),
                    ("deleted_at", ASCENDING),
                    ("updated_at", DESCENDING),
                    ("_id", DESCENDING),
                ]
            ),
            IndexModel([("updated_at", ASCENDING), ("_id", ASCENDING)], name="to_tidy"),
            IndexModel(
                [("show_id", ASCENDING), ("episode_number", ASCENDING)],
                name="episodes",
                unique=True,
                # Not by type: to the planner a range is no subset of that, and would not use it.
                partialFilterExpression={"show_id": {"$gt": _NO_SHOW}, "episode_number": {"$gt": 0}},
            ),
            IndexModel([("outbox.at", ASCENDING)], partialFilterExpression={"outbox.at": {"$exists": True}}),
            IndexModel(
                [("deleted_at", ASCENDING)], partialFilterExpression={"deleted_at": {"$type": "date"}}
            ),
        ]

    def model_post_init(self, context: Any, /) -> None:
        """Stamp the project's id on all that it holds, once the tree is loaded."""
        super().model_post_init(context)
        for section in sections(self):
            section.project_id = self.id

    def frames(self) -> list[tuple[Scene, Frame]]:
        """Every frame with its scene, in the order in which they are told."""
        return [(scene, frame) for scene in self.script.scenes for frame in scene.frames]

    def shown_frames(self) -> list[tuple[Scene, Frame]]:
        """The frames that the video shows: those not skipped, in scenes not skipped."""
        return [(s, f) for s, f in self.frames() if not (s.is_skipped or f.is_skipped)]

    def node(self, node_id: PydanticObjectId) -> Section | None:
        """The node with this id anywhere in the tree."""
        return next((section for section in sections(self) if getattr(section, "id", None) == node_id), None)
