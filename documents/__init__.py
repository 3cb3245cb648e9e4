"""The documents that Beanie registers."""

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

MODELS = (
    User,
    Session,
    AccountLink,
    ApiKey,
    IdentityProof,
    Role,
    Company,
    CarModel,
    Character,
    CompanyInvitation,
    Project,
    ScriptVersion,
    Job,
    Render,
    Upload,
    VoicePreview,
    ReviewLink,
    Comment,
    ProjectInvitation,
    Notice,
    AuditEntry,
    Pace,
    WorkerPresence,
    LeaseLock,
    HouseMark,
    CachedSegment,
    DataExport,
    ProviderKey,
    UsageRecord,
    Allowance,
    LibraryEntry,
    Persona,
    PersonaVersion,
    Chat,
    ChatMessage,
    Show,
    WeeklyPlan,
)
