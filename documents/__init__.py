"""The documents that Beanie registers."""

from documents.account_link import AccountLink
from documents.api_key import ApiKey
from documents.audit_entry import AuditEntry
from documents.cached_segment import CachedSegment
from documents.car_model import CarModel
from documents.character import Character
from documents.chat import Chat, ChatMessage
from documents.comment import Comment
from documents.company import Company
from documents.company_invitation import CompanyInvitation
from documents.data_export import DataExport
from documents.house_mark import HouseMark
from documents.identity_proof import IdentityProof
from documents.job import Job
from documents.lease_lock import LeaseLock
from documents.library_entry import LibraryEntry
from documents.notice import Notice
from documents.pace import Pace
from documents.persona import Persona, PersonaVersion
from documents.project import Project
from documents.project_invitation import ProjectInvitation
from documents.provider_key import ProviderKey
from documents.render import Render
from documents.review_link import ReviewLink
from documents.role import Role
from documents.session import Session
from documents.show import Show
from documents.upload import Upload
from documents.usage_record import UsageRecord
from documents.user import User
from documents.weekly_plan import WeeklyPlan
from documents.worker_presence import WorkerPresence

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
    Job,
    Render,
    Upload,
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
    LibraryEntry,
    Persona,
    PersonaVersion,
    Chat,
    ChatMessage,
    Show,
    WeeklyPlan,
)
