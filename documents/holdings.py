"""What each collection holds of a person, a project and a company: the one table for export and erasure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from beanie import Document, PydanticObjectId

from documents.accounts.account_link import AccountLink
from documents.accounts.allowance import Allowance
from documents.accounts.api_key import ApiKey
from documents.accounts.data_export import DataExport
from documents.accounts.identity_proof import IdentityProof
from documents.accounts.provider_key import ProviderKey
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from documents.companies.car_model import CarModel
from documents.companies.company import Company
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import Role
from documents.house_mark import HouseMark
from documents.jobs.cached_segment import CachedSegment
from documents.jobs.job import Job
from documents.jobs.lease_lock import LeaseLock
from documents.jobs.pace import Pace
from documents.jobs.render import Render
from documents.jobs.usage_record import UsageRecord
from documents.jobs.worker_presence import WorkerPresence
from documents.media.library_entry import LibraryEntry
from documents.media.upload import Upload
from documents.media.voice_preview import VoicePreview
from documents.notice import Notice
from documents.projects.comment import Comment
from documents.projects.project import Project
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.review_link import ReviewLink
from documents.tree.script_version import ScriptVersion
from documents.writers_room.character import Character
from documents.writers_room.chat import Chat, ChatMessage
from documents.writers_room.persona import Persona, PersonaVersion
from documents.writers_room.show import Show
from documents.writers_room.weekly_plan import WeeklyPlan

Query = Mapping[str, Any]
Change = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Erasure(Enum):
    """What becomes of a person's documents when the account is erased."""

    REMOVED = "REMOVED"
    """They go."""

    REMOVED_WITH_PROJECTS = "REMOVED_WITH_PROJECTS"
    """They go with the projects that are the person's; those in projects of others stay, by id alone."""

    REMOVED_LAST = "REMOVED_LAST"
    """The account itself."""

    KEPT = "KEPT"
    """They stay: they name the person by an id that leads nowhere, or not at all."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One collection.

    Args:
        model: its document.
        erasure: what becomes of a person's documents.
        exported: which documents are a person's own, for the export; None where none is.
        erased: which documents go with the account, where these are others than the exported ones.
        scrubbed: which documents of others lose their mention of the person, and how.
        hidden: fields that the export leaves out: secrets, and what only programs read.
        of_project: the field that names the project with which a document goes; None where none does.
        of_company: the field that names the company with which a document goes.
    """

    model: type[Document]
    erasure: Erasure
    exported: Callable[[User], Query] | None = None
    erased: Callable[[User], Query] | None = None
    scrubbed: Callable[[User], tuple[Query, Change]] | None = None
    hidden: Sequence[str] = ()
    of_project: str | None = None
    of_company: str | None = None

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.model.get_pymongo_collection().name

    def doomed(self, user: User) -> Query | None:
        """Which documents go with the account."""
        find = self.erased or self.exported
        return find(user) if find is not None and self.erasure is Erasure.REMOVED else None


def _by(field: str) -> Callable[[User], Query]:
    return lambda user: {field: user.id}


def _invited(user: User) -> Query:
    # Whoever signed up with an address and never proved it may be somebody else.
    return {"_id": {"$in": []}} if user.email_verified_at is None else {"email_key": user.email_key}


def _collaboration(user: User) -> tuple[Query, Change]:
    change = {"$pull": {"collaborators": {"user_id": user.id}}, "$inc": {"revision": 1}}
    return {"collaborators.user_id": user.id}, change


def _said(user: User) -> tuple[Query, Change]:
    def unless(path: str) -> Query:
        return {"$cond": [{"$eq": [path, user.id]}, None, path]}

    def nobody(path: str) -> Query:
        return {"$mergeObjects": [path, {"user_id": unless(f"{path}.user_id")}]}

    def others(path: str) -> Query:
        return {"$filter": {"input": path, "as": "each", "cond": {"$ne": ["$$each", user.id]}}}

    changed = {"author": nobody("$$reply.author"), "mentions": others("$$reply.mentions")}
    reply = {"$mergeObjects": ["$$reply", changed]}
    values = {
        "author": nobody("$author"),
        "resolved_by": {
            "$cond": [{"$eq": ["$resolved_by.user_id", user.id]}, nobody("$resolved_by"), "$resolved_by"]
        },
        "mentions": others("$mentions"),
        "replies": {"$map": {"input": "$replies", "as": "reply", "in": reply}},
        "revision": {"$add": ["$revision", 1]},
    }
    named = (
        "author.user_id",
        "replies.author.user_id",
        "mentions",
        "replies.mentions",
        "resolved_by.user_id",
    )
    return {"$or": [{field: user.id} for field in named]}, [{"$set": values}]


def _own_segments(user: User) -> Query:
    return {"_id": {"$regex": f"^users/{user.id}/"}}


HOLDINGS: Final[Sequence[Holding]] = (
    Holding(
        User,
        Erasure.REMOVED_LAST,
        exported=_by("_id"),
        hidden=("email_key", "password_hash", "totp", "revision"),
    ),
    Holding(Session, Erasure.REMOVED, exported=_by("user_id"), hidden=("family_hash", "refresh_hash")),
    Holding(AccountLink, Erasure.REMOVED, exported=_by("user_id")),
    Holding(ApiKey, Erasure.REMOVED, exported=_by("user_id"), hidden=("secret_hash",)),
    Holding(IdentityProof, Erasure.KEPT),  # of nobody yet, and gone within five minutes
    Holding(Role, Erasure.KEPT, of_company="company_id"),
    Holding(Company, Erasure.KEPT, of_company="_id"),
    Holding(CarModel, Erasure.KEPT, of_company="company_id"),
    Holding(
        CompanyInvitation,
        Erasure.REMOVED,
        exported=_invited,
        hidden=("email_key",),
        of_company="company_id",
    ),
    Holding(
        Project,
        Erasure.REMOVED_WITH_PROJECTS,
        exported=_by("owner_id"),
        scrubbed=_collaboration,
        hidden=("outbox",),
        of_project="_id",
    ),
    Holding(
        Character,
        Erasure.REMOVED,
        exported=_by("owner_id"),
        hidden=("dropped_keys",),
        of_company="company_id",
    ),
    Holding(
        Job,
        Erasure.REMOVED,
        exported=_by("owner_id"),
        erased=lambda user: {"owner_id": user.id, "project_id": None},
        hidden=("checkpoint", "outbox", "lease"),
        of_project="project_id",
    ),
    # What a person said in projects of others stays, said by nobody.
    Holding(
        Comment,
        Erasure.REMOVED_WITH_PROJECTS,
        exported=_by("author.user_id"),
        scrubbed=_said,
        hidden=("replies",),
        of_project="project_id",
    ),
    Holding(
        ReviewLink,
        Erasure.REMOVED_WITH_PROJECTS,
        exported=_by("created_by"),
        hidden=("password_hash",),
        of_project="project_id",
    ),
    Holding(
        ProjectInvitation,
        Erasure.REMOVED,
        exported=_invited,
        hidden=("email_key",),
        of_project="project_id",
    ),
    Holding(ScriptVersion, Erasure.REMOVED_WITH_PROJECTS, exported=_by("owner_id"), of_project="project_id"),
    Holding(Render, Erasure.REMOVED_WITH_PROJECTS, exported=_by("owner_id"), of_project="project_id"),
    Holding(
        Upload,
        Erasure.REMOVED,
        exported=_by("created_by"),
        erased=_by("user_id"),
        hidden=("multipart_id",),
        of_project="project_id",
        of_company="company_id",
    ),
    Holding(
        LibraryEntry,
        Erasure.REMOVED_WITH_PROJECTS,
        exported=_by("owner_id"),
        hidden=("terms",),
        of_project="project_id",
    ),
    Holding(Notice, Erasure.REMOVED, exported=_by("user_id")),
    Holding(VoicePreview, Erasure.REMOVED, exported=_by("owner_id"), hidden=("inputs_hash",)),
    Holding(DataExport, Erasure.REMOVED, exported=_by("user_id")),
    Holding(
        ProviderKey, Erasure.REMOVED, exported=_by("owner_id"), hidden=("sealed",), of_company="owner_id"
    ),
    # What was paid stays to be accounted for when the project is gone.
    Holding(UsageRecord, Erasure.REMOVED, exported=_by("owner_id")),
    Holding(Allowance, Erasure.REMOVED, exported=_by("_id"), hidden=("turns",)),
    Holding(
        Persona, Erasure.REMOVED, exported=_by("owner_id"), hidden=("name_prefixes",), of_company="company_id"
    ),
    Holding(PersonaVersion, Erasure.REMOVED, exported=_by("owner_id"), of_company="company_id"),
    Holding(Chat, Erasure.REMOVED, exported=_by("owner_id"), of_project="project_id"),
    Holding(
        ChatMessage,
        Erasure.REMOVED,
        exported=_by("owner_id"),
        hidden=("follow_after",),
        of_project="project_id",
    ),
    Holding(Show, Erasure.REMOVED, exported=_by("owner_id"), of_company="company_id"),
    Holding(WeeklyPlan, Erasure.REMOVED, exported=_by("owner_id")),
    # Never changed: an entry names people by id, and that is all that stays of them.
    Holding(AuditEntry, Erasure.KEPT, exported=_by("actor_id")),
    Holding(CachedSegment, Erasure.REMOVED, erased=_own_segments),
    Holding(Pace, Erasure.KEPT),
    Holding(WorkerPresence, Erasure.KEPT),
    Holding(LeaseLock, Erasure.KEPT),
    Holding(HouseMark, Erasure.KEPT),
)
"""Every collection. A test fails when one that Beanie registers is missing here."""


async def remove_around_project(project_id: PydanticObjectId) -> None:
    """Remove all documents that go with a project, save for its own."""
    for holding in HOLDINGS:
        field = holding.of_project
        if field is not None and holding.model is not Project:
            await holding.model.get_pymongo_collection().delete_many({field: project_id})


async def remove_of_company(company_id: PydanticObjectId) -> None:
    """Remove all documents that go with a company, its own last."""
    for holding in sorted(HOLDINGS, key=lambda each: each.model is Company):
        field = holding.of_company
        if field is not None:
            await holding.model.get_pymongo_collection().delete_many({field: company_id})
