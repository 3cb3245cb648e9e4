"""The three roots, put together from what each domain offers, and the schema around them.

A module of a domain, such as `schema/projects/project.py`, declares plain `@strawberry.type` classes called
`ProjectQueries`, `ProjectMutations`, `ProjectSubscriptions`; they become bases of the roots below and appear
in the schema only through them.
"""

from collections.abc import Callable, Sequence

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.accounts.account_deletion import AccountDeletionMutations
from schema.accounts.accounts import AccountMutations, AccountQueries
from schema.accounts.api_keys import ApiKeyMutations
from schema.accounts.avatar_changes import AvatarMutations
from schema.accounts.data_export import DataExportMutations
from schema.accounts.email_address import EmailMutations
from schema.accounts.identities import IdentityQueries
from schema.accounts.password import PasswordMutations
from schema.accounts.platform_user import PlatformUserMutations, PlatformUserQueries
from schema.accounts.profile import ProfileMutations
from schema.accounts.provider_keys import ProviderKeyMutations
from schema.accounts.second_factor import SecondFactorMutations
from schema.accounts.session import SessionMutations
from schema.accounts.sign_in import SignInMutations
from schema.audit import AuditQueries
from schema.companies.car_changes import CarMutations
from schema.companies.car_model import CarModelQueries
from schema.companies.company import CompanyMutations, CompanyQueries
from schema.companies.company_asset import CompanyAssetMutations, CompanyAssetQueries
from schema.companies.company_lexicon import CompanyLexiconMutations
from schema.companies.company_projects import CompanyProjectMutations
from schema.companies.company_providers import CompanyProviderMutations
from schema.companies.invitation import InvitationQueries
from schema.companies.invitation_changes import InvitationMutations
from schema.companies.member_changes import MemberMutations
from schema.companies.role import RoleMutations, RoleQueries
from schema.guarding.charged_validation import ChargedValidation, ChargeOperation
from schema.guarding.deadline import Deadline
from schema.guarding.document_cache import DocumentCache
from schema.guarding.guards import Limits
from schema.guarding.masking import MaskErrors
from schema.guarding.observation import Observe, Observed
from schema.guarding.rules import enforce
from schema.jobs.generation_estimate import GenerationEstimateQueries
from schema.jobs.job_control import JobMutations, JobQueries
from schema.jobs.job_generation import GenerationMutations
from schema.jobs.media_orders import MediaOrderMutations
from schema.jobs.production import ProductionMutations, ProductionQueries
from schema.jobs.providers import ProviderQueries
from schema.jobs.render import RenderMutations, RenderQueries
from schema.jobs.usage import UsageQueries
from schema.jobs.usage_summary import UsageSummaryQueries
from schema.jobs.voice_previews import VoicePreviewMutations, VoicePreviewQueries
from schema.jobs.voices import VoiceQueries
from schema.jobs.writing import WritingMutations
from schema.live.event_stream import EventQueries, EventSubscriptions
from schema.live.presence import PresenceMutations, PresenceQueries
from schema.live.viewer_event import ViewerEventQueries, ViewerEventSubscriptions
from schema.media.library import LibraryQueries
from schema.media.library_changes import LibraryMutations
from schema.media.upload import UploadMutations, UploadQueries
from schema.node import NodeQueries
from schema.projects.budget import BudgetMutations
from schema.projects.collaborator import CollaboratorMutations
from schema.projects.comment import CommentQueries
from schema.projects.comment_changes import CommentMutations
from schema.projects.project import ProjectQueries
from schema.projects.project_changes import ProjectMutations
from schema.projects.project_invitation import ProjectInvitationMutations, ProjectInvitationQueries
from schema.projects.project_list import ProjectListQueries
from schema.projects.review_link import ReviewLinkMutations, ReviewLinkQueries
from schema.scalars import SCALARS
from schema.server import ServerQueries
from schema.tree.branding import BrandingMutations
from schema.tree.brief import BriefMutations
from schema.tree.clip_changes import ClipMutations
from schema.tree.edit_lock import EditLockMutations, EditLockQueries
from schema.tree.frame_changes import FrameMutations
from schema.tree.image import ImageMutations
from schema.tree.lexicon import LexiconMutations
from schema.tree.music import MusicMutations
from schema.tree.publishing_texts import PublishingMutations
from schema.tree.reference_changes import ReferenceImageMutations
from schema.tree.scene_changes import SceneMutations
from schema.tree.script import ScriptMutations
from schema.tree.script_version import ScriptVersionMutations
from schema.tree.sound_effect import SoundEffectMutations
from schema.tree.style import StyleMutations
from schema.tree.style_preset import StylePresetQueries
from schema.tree.timeline import TimelineMutations
from schema.tree.voiceover import VoiceoverMutations
from schema.writers_room.character import CharacterQueries
from schema.writers_room.character_changes import CharacterMutations
from schema.writers_room.character_orders import CharacterOrderMutations
from schema.writers_room.chat import ChatQueries
from schema.writers_room.chat_changes import ChatMutations
from schema.writers_room.chat_stream import ChatSubscriptions
from schema.writers_room.persona import PersonaQueries
from schema.writers_room.persona_changes import PersonaMutations
from schema.writers_room.show import ShowQueries
from schema.writers_room.show_changes import ShowMutations
from schema.writers_room.weekly_plan import WeeklyPlanQueries
from schema.writers_room.weekly_plan_changes import WeeklyPlanMutations


@strawberry.type(description="What can be asked.")
class Query(
    ServerQueries,
    AccountQueries,
    PlatformUserQueries,
    IdentityQueries,
    NodeQueries,
    ProjectQueries,
    ProjectListQueries,
    JobQueries,
    ProductionQueries,
    RenderQueries,
    ReviewLinkQueries,
    CommentQueries,
    EditLockQueries,
    PresenceQueries,
    ProjectInvitationQueries,
    EventQueries,
    ViewerEventQueries,
    ProviderQueries,
    VoiceQueries,
    StylePresetQueries,
    VoicePreviewQueries,
    GenerationEstimateQueries,
    UsageQueries,
    UsageSummaryQueries,
    AuditQueries,
    LibraryQueries,
    CompanyQueries,
    RoleQueries,
    UploadQueries,
    InvitationQueries,
    CompanyAssetQueries,
    CarModelQueries,
    PersonaQueries,
    CharacterQueries,
    ChatQueries,
    ShowQueries,
    WeeklyPlanQueries,
):
    """The root of queries: a base for each domain."""


@strawberry.type(description="What can be changed.")
class Mutation(
    AccountMutations,
    ProfileMutations,
    EmailMutations,
    PasswordMutations,
    SessionMutations,
    PlatformUserMutations,
    ApiKeyMutations,
    ProviderKeyMutations,
    SecondFactorMutations,
    SignInMutations,
    ProjectMutations,
    BriefMutations,
    StyleMutations,
    MusicMutations,
    LexiconMutations,
    LibraryMutations,
    CompanyLexiconMutations,
    PublishingMutations,
    ScriptMutations,
    ScriptVersionMutations,
    SceneMutations,
    FrameMutations,
    VoiceoverMutations,
    ImageMutations,
    ClipMutations,
    SoundEffectMutations,
    UploadMutations,
    AvatarMutations,
    TimelineMutations,
    ProductionMutations,
    GenerationMutations,
    WritingMutations,
    CharacterOrderMutations,
    ReferenceImageMutations,
    MediaOrderMutations,
    VoicePreviewMutations,
    RenderMutations,
    ReviewLinkMutations,
    CommentMutations,
    EditLockMutations,
    PresenceMutations,
    CollaboratorMutations,
    ProjectInvitationMutations,
    JobMutations,
    BudgetMutations,
    DataExportMutations,
    AccountDeletionMutations,
    CompanyMutations,
    MemberMutations,
    RoleMutations,
    InvitationMutations,
    CompanyAssetMutations,
    CarMutations,
    CharacterMutations,
    BrandingMutations,
    CompanyProjectMutations,
    PersonaMutations,
    CompanyProviderMutations,
    ChatMutations,
    ShowMutations,
    WeeklyPlanMutations,
):
    """The root of mutations: a base for each domain."""


@strawberry.type(description="What can be followed as it happens.")
class Subscription(EventSubscriptions, ViewerEventSubscriptions, ChatSubscriptions):
    """The root of subscriptions: a base for each domain."""


class ServedSchema(strawberry.Schema):
    """A schema that leaves reporting to `MaskErrors`: a refusal is no line in the log, a defect one."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing; the default logs every error, with what a client sent."""


def build_schema(
    limits: Limits | None = None,
    *,
    timeout_s: float = 30.0,
    observe: Observe | None = None,
    charge: ChargeOperation | None = None,
    query: type = Query,
    mutation: type | None = Mutation,
    subscription: type | None = Subscription,
    types: Sequence[type] = (),
) -> ServedSchema:
    """Make the schema with its guards.

    Args:
        limits: the most that one operation may ask for.
        timeout_s: the longest that a query or mutation may take.
        observe: told about each operation when it is over.
        charge: takes each operation's cost out of a budget; None where nothing is charged.
        query: root of queries; tests bring their own, as for the two others, without rules.
        mutation: root of mutations; None for a schema without them.
        subscription: root of subscriptions; None for a schema without them.
        types: what is reached through interfaces alone.
    """
    most = limits or Limits()
    # In this order they begin and in the reverse one they end: errors are masked before they are observed.
    extensions: list[Callable[[], SchemaExtension]] = [
        MaskErrors,
        lambda: MaxTokensLimiter(max_token_count=most.tokens),
        lambda: DocumentCache(maxsize=most.cached_documents),
        lambda: ChargedValidation(most, charge),
        lambda: Deadline(timeout_s),
    ]
    if observe is not None:
        extensions.insert(0, lambda: Observed(observe))
    served = ServedSchema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        extensions=extensions,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    if query is Query:
        enforce(served._schema)  # noqa: SLF001 - Strawberry's own schema is the only way to its fields
    return served
