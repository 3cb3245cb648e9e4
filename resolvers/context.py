"""What a resolver sees of the world: the viewer, and the parts that the process opened at its start."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from beanie import PydanticObjectId
from starlette.requests import HTTPConnection

from access.authentication import Authenticator
from access.challenges import Challenges
from access.companies import CompanyLoader
from access.cost_budgets import CostMeter
from access.errors import Unauthenticated
from access.guests import Guests
from access.identity_providers import IdentityProvider
from access.lock_out import LockOut
from access.mail_tokens import MailTokens
from access.media_urls import MediaUrls
from access.passwords import Passwords
from access.projects import ProjectLoader
from access.provider_choice import ProviderChoice
from access.rate_limits import RateLimits
from access.sealing import Sealing
from access.tokens import AccessTokens
from access.viewer import Guest, Principal, Viewer
from documents.media.upload_life import UploadAllowance
from documents.tree.caps import Caps
from events.hub import Hub
from events.presence import PresenceBoard
from resolvers.live.rights_watch import RightsWatch
from resolvers.tree.trees import Trees
from storage.object_store import ObjectStore
from tasks.buying.estimate import Estimator
from tasks.job_engine.announce import Announcer
from tasks.job_engine.dispatch import Dispatcher


@dataclass(frozen=True, slots=True)
class Services:
    """The process's own parts: opened once at the start, closed at the end, shared by all requests."""

    passwords: Passwords
    tokens: AccessTokens
    authenticator: Authenticator
    guests: Guests
    rate_limits: RateLimits
    lock_out: LockOut
    costs: CostMeter
    mail_tokens: MailTokens
    challenges: Challenges
    sealing: Sealing
    identity_providers: Mapping[str, IdentityProvider]
    objects: ObjectStore
    hub: Hub
    rights: RightsWatch
    announcer: Announcer
    presence: PresenceBoard
    media: MediaUrls
    dispatcher: Dispatcher
    estimator: Estimator
    providers: ProviderChoice
    caps: Caps
    now: Callable[[], datetime]
    upload_allowance: UploadAllowance = field(default_factory=UploadAllowance)
    spending_per_user_micros: int | None = None


@dataclass(slots=True)
class Context:
    """One operation's view: made for each operation, never kept.

    Args:
        viewer: the user who asks, None for nobody.
        guest: who asks through a review link, without an account.
        connection_params: payload of `connection_init` on a WebSocket, None over HTTP.
        sign_in_again: finds out anew who asks, from the same token, and writes it down here; raises
            Unauthenticated where the token is no longer good. None where nobody came with a token.
    """

    services: Services
    request: HTTPConnection
    request_id: str
    remote_address: str
    viewer: Viewer | None = None
    guest: Guest | None = None
    connection_params: object = None
    sign_in_again: "Callable[[Context], Awaitable[None]] | None" = None
    trees: Trees = field(default_factory=Trees, init=False)

    @property
    def projects(self) -> ProjectLoader:
        """The only way to a project."""
        return ProjectLoader(self.require_principal(), self.trees.seen)

    @property
    def companies(self) -> CompanyLoader:
        """The only way to a company."""
        return CompanyLoader(self.require_viewer())

    @property
    def subject_id(self) -> PydanticObjectId | None:
        """Whose change of rights concerns this operation: the viewer's, or the guest's review link's."""
        if self.viewer is not None:
            return self.viewer.user_id
        return None if self.guest is None else self.guest.link_id

    async def renew(self) -> None:
        """Look again who asks and what they may do; for operations that go on for long.

        Raises:
            Unauthenticated: whoever it was is no longer signed in.
        """
        if self.sign_in_again is not None:
            await self.sign_in_again(self)

    def is_viewer(self, user_id: PydanticObjectId) -> bool:
        """Whether this user is the one who asks."""
        return self.viewer is not None and self.viewer.user_id == user_id

    def require_principal(self) -> Principal:
        """The signed-in viewer, or a guest.

        Raises:
            Unauthenticated: neither is there.
        """
        return self.guest if self.viewer is None and self.guest is not None else self.require_viewer()

    def require_viewer(self) -> Viewer:
        """The signed-in viewer.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.viewer is None:
            raise Unauthenticated
        return self.viewer
