"""The three roots, put together from what each domain offers, and the schema around them.

A domain's module (`schema/project.py`) declares plain `@strawberry.type` classes called `ProjectQueries`,
`ProjectMutations`, `ProjectSubscriptions`; they become bases of the roots below and appear in the schema
only through them.
"""

from collections.abc import Callable, Sequence

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.account_deletion import AccountDeletionMutations
from schema.accounts import AccountMutations, AccountQueries
from schema.api_keys import ApiKeyMutations
from schema.audit import AuditQueries
from schema.avatar_changes import AvatarMutations
from schema.branding import BrandingMutations
from schema.brief import BriefMutations
from schema.budget import BudgetMutations
from schema.car_changes import CarMutations
from schema.car_model import CarModelQueries
from schema.character import CharacterQueries
from schema.character_changes import CharacterMutations
from schema.charged_validation import ChargedValidation, ChargeOperation
from schema.chat import ChatQueries
from schema.chat_changes import ChatMutations
from schema.chat_stream import ChatSubscriptions
from schema.clip_changes import ClipMutations
from schema.collaborator import CollaboratorMutations
from schema.comment import CommentQueries
from schema.comment_changes import CommentMutations
from schema.company import CompanyMutations, CompanyQueries
from schema.company_asset import CompanyAssetMutations, CompanyAssetQueries
from schema.company_lexicon import CompanyLexiconMutations
from schema.company_projects import CompanyProjectMutations
from schema.company_providers import CompanyProviderMutations
from schema.data_export import DataExportMutations
from schema.deadline import Deadline
from schema.document_cache import DocumentCache
from schema.edit_lock import EditLockMutations, EditLockQueries
from schema.email_address import EmailMutations
from schema.event_stream import EventQueries, EventSubscriptions
from schema.frame_changes import FrameMutations
from schema.generation_estimate import GenerationEstimateQueries
from schema.guards import Limits
from schema.identities import IdentityQueries
from schema.image import ImageMutations
from schema.invitation import InvitationQueries
from schema.invitation_changes import InvitationMutations
from schema.job_control import JobMutations, JobQueries
from schema.job_generation import GenerationMutations
from schema.lexicon import LexiconMutations
from schema.library import LibraryQueries
from schema.library_changes import LibraryMutations
from schema.masking import MaskErrors
from schema.media_orders import MediaOrderMutations
from schema.member_changes import MemberMutations
from schema.music import MusicMutations
from schema.node import NodeQueries
from schema.observation import Observe, Observed
from schema.password import PasswordMutations
from schema.persona import PersonaQueries
from schema.persona_changes import PersonaMutations
from schema.platform_user import PlatformUserMutations, PlatformUserQueries
from schema.presence import PresenceMutations, PresenceQueries
from schema.production import ProductionMutations, ProductionQueries
from schema.profile import ProfileMutations
from schema.project import ProjectQueries
from schema.project_changes import ProjectMutations
from schema.project_invitation import ProjectInvitationMutations, ProjectInvitationQueries
from schema.project_list import ProjectListQueries
from schema.provider_keys import ProviderKeyMutations
from schema.providers import ProviderQueries
from schema.publishing_texts import PublishingMutations
from schema.render import RenderMutations, RenderQueries
from schema.review_link import ReviewLinkMutations, ReviewLinkQueries
from schema.role import RoleMutations, RoleQueries
from schema.rules import enforce
from schema.scalars import SCALARS
from schema.scene_changes import SceneMutations
from schema.script import ScriptMutations
from schema.second_factor import SecondFactorMutations
from schema.server import ServerQueries
from schema.session import SessionMutations
from schema.show import ShowQueries
from schema.show_changes import ShowMutations
from schema.sign_in import SignInMutations
from schema.sound_effect import SoundEffectMutations
from schema.style import StyleMutations
from schema.timeline import TimelineMutations
from schema.upload import UploadMutations, UploadQueries
from schema.usage import UsageQueries
from schema.viewer_event import ViewerEventQueries, ViewerEventSubscriptions
from schema.voiceover import VoiceoverMutations
from schema.voices import VoiceQueries
from schema.weekly_plan import WeeklyPlanQueries
from schema.weekly_plan_changes import WeeklyPlanMutations
from schema.writing import WritingMutations


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
    GenerationEstimateQueries,
    UsageQueries,
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
    MediaOrderMutations,
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
