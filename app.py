"""The ASGI application, composed from the settings: each part is opened here and handed down."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial

from beanie import init_beanie
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from starlette.applications import Starlette

from access.authentication import Authenticator
from access.built_in_roles import store_built_in_roles
from access.challenges import Challenges
from access.cost_budgets import CostBudgets, CostMeter
from access.guest_tokens import GuestTokens
from access.guests import Guests
from access.identity_providers import IdentityProvider, ProviderOptions
from access.key_turns import RedisGate
from access.lock_out import LockOut
from access.mail_tokens import MailTokens
from access.media_urls import MediaUrls
from access.operators import make_operator
from access.passwords import Passwords
from access.provider_choice import ProviderChoice
from access.rate_limits import AccountBudgets, RateLimits
from access.sealing import Sealing
from access.tokens import AccessTokens
from documents import MODELS
from documents.built_in_personas import store_built_in_personas
from documents.caps import Caps
from documents.upload_life import UploadAllowance
from documents.user import User
from events.hub import Hub
from events.presence import PresenceBoard
from events.publisher import Publisher
from mail.post import FolderPost, SmtpPost, SmtpServer
from providers.desk import ProviderDesk
from providers.elevenlabs.service import ElevenLabsService
from providers.line import Gate
from providers.local.service import LocalService
from providers.openai.service import OpenAiService
from providers.replicate.service import ReplicateService
from providers.service import Service
from resolvers.context import Services
from resolvers.costs import charge
from resolvers.presence_watch import PresenceWatch
from resolvers.rights_watch import RightsWatch
from schema.guards import Limits
from schema.observation import Observe
from schema.root import ServedSchema, build_schema
from settings.provider_options import (
    capability_settings,
    compatible_options,
    elevenlabs_options,
    openai_options,
    price_list,
    replicate_options,
)
from settings.providers import Providers
from settings.sections import Settings, Storage
from storage.object_store import ObjectStore
from tasks.announce import Announcer
from tasks.background import in_background
from tasks.broker import Sender, make_broker
from tasks.correspondence import Correspondence
from tasks.dispatch import Dispatcher
from tasks.estimate import Estimator
from tasks.policy import JobPolicy
from web.application import Opened, create_application
from web.graphiql_files import GRAPHIQL_DIR, are_files_there
from web.options import WebOptions

_SELECTION_TIMEOUT_MS = 5_000  # how long an operation waits for a MongoDB that is not there


def create_app(settings: Settings) -> Starlette:
    """The application; what it needs is opened when the server starts it."""

    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(
            guard_limits(settings),
            timeout_s=settings.api.operation_timeout_s,
            observe=observe,
            charge=charge,
        )

    return create_application(make_schema, lambda: open_services(settings), web_options(settings))


def guard_limits(settings: Settings) -> Limits:
    """The most that one operation may ask for."""
    api = settings.api
    return Limits(
        tokens=api.max_tokens,
        depth=api.max_depth,
        fields=api.max_fields,
        aliases=api.max_aliases,
        directives=api.max_directives,
        page_size=api.max_page_size,
        cost=api.max_cost,
        introspection=settings.introspection,
        cached_documents=api.document_cache_size,
    )


def web_options(settings: Settings) -> WebOptions:
    """How the API is offered."""
    api = settings.api
    return WebOptions(
        max_body_bytes=api.max_body_bytes,
        connection_init_timeout_s=api.connection_init_timeout_s,
        reauthenticate_s=api.reauthenticate_s,
        max_operations_per_socket=api.max_operations_per_socket,
        allowed_origins=settings.server.allowed_origins,
        trusted_proxies=settings.server.trusted_proxies,
        graphiql_dir=GRAPHIQL_DIR if settings.graphiql and are_files_there() else None,
        allow_get=api.allow_get,
        public_url=str(settings.server.public_url).rstrip("/"),
        app_url=_app_url(settings),
    )


def object_store(storage: Storage) -> ObjectStore:
    """The bucket."""
    scheme = "https" if storage.s3_secure else "http"
    public = storage.s3_public_endpoint
    return ObjectStore(
        endpoint=f"{scheme}://{storage.s3_endpoint}",
        public_endpoint=f"{scheme}://{public}" if public and "://" not in public else public or None,
        access_key=storage.s3_access_key.get_secret_value(),
        secret_key=storage.s3_secret_key.get_secret_value(),
        bucket=storage.s3_bucket,
        region=storage.s3_region,
    )


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Opened]:
    """Open everything that requests share, and close it in the reverse order."""
    redis_url = settings.messages.redis_url.get_secret_value()
    prefix = redis_prefix(settings)
    async with AsyncExitStack() as opened:
        mongo = await opened.enter_async_context(
            AsyncMongoClient[dict[str, object]](
                settings.database.mongodb_url.get_secret_value(),
                tz_aware=True,
                uuidRepresentation="standard",
                serverSelectionTimeoutMS=_SELECTION_TIMEOUT_MS,
                appname="framewright-api",
            )
        )
        await init_beanie(database=mongo[settings.database.mongodb_database], document_models=list(MODELS))
        await store_built_in_roles()
        await store_built_in_personas()
        redis = await opened.enter_async_context(Redis.from_url(redis_url))
        objects = object_store(settings.storage)
        opened.push_async_callback(objects.close)
        await objects.ensure_bucket()
        rate_limits = RateLimits(redis_url, budgets=account_budgets(settings), key_prefix=f"{prefix}limits")
        opened.push_async_callback(rate_limits.close)
        costs = CostMeter(redis_url, budgets=cost_budgets(settings), key_prefix=f"{prefix}costs")
        opened.push_async_callback(costs.close)
        passwords = Passwords()
        opened.callback(passwords.close)
        hub = await opened.enter_async_context(Hub(redis_url, f"{prefix}events:"))
        rights = RightsWatch()
        await opened.enter_async_context(in_background(lambda: rights.listen(hub)))
        tokens = _access_tokens(settings)
        providers = provider_choice(settings, redis)
        opened.push_async_callback(providers.desk.close)
        announcer = Announcer(Publisher(redis, f"{prefix}events:"))
        presence = PresenceBoard(redis, f"{prefix}presence")
        watch = PresenceWatch(presence, announcer, now=_now)
        await opened.enter_async_context(in_background(lambda: watch.run(hub)))
        services = Services(
            passwords=passwords,
            tokens=tokens,
            authenticator=Authenticator(tokens, now=_now),
            guests=_guests(settings),
            rate_limits=rate_limits,
            lock_out=LockOut(redis, f"{prefix}limits:lock-out"),
            costs=costs,
            mail_tokens=mail_tokens(settings),
            challenges=_challenges(settings),
            sealing=sealing(settings),
            identity_providers=_identity_providers(settings),
            objects=objects,
            hub=hub,
            rights=rights,
            announcer=announcer,
            presence=presence,
            media=media_urls(settings),
            dispatcher=Dispatcher(
                client=mongo,
                sender=Sender(make_broker(redis_url, f"{prefix}jobs")),
                announcer=announcer,
                policy=job_policy(settings),
                now=_now,
            ),
            estimator=Estimator(_now),
            providers=providers,
            caps=tree_caps(settings),
            now=_now,
            upload_allowance=UploadAllowance(
                settings.uploads.uploads_per_user, settings.uploads.upload_bytes_per_user
            ),
        )
        yield Opened(
            services,
            {
                "mongodb": lambda: mongo.admin.command("ping"),
                "redis": lambda: redis.exists(prefix),
                "s3": objects.check,
            },
        )


def mail_tokens(settings: Settings) -> MailTokens:
    """What signs the links in mails; the API reads them and workers write them."""
    return MailTokens([key.get_secret_value() for key in settings.access.secrets_keys.values()])


async def make_admin(settings: Settings, email: str, *, name: str, password: str | None) -> User:
    """Let somebody run the platform.

    Raises:
        OperatorRefused, MalformedAddress: as for `make_operator`.
    """
    passwords = Passwords()
    try:
        async with AsyncMongoClient[dict[str, object]](
            settings.database.mongodb_url.get_secret_value(),
            tz_aware=True,
            uuidRepresentation="standard",
            serverSelectionTimeoutMS=_SELECTION_TIMEOUT_MS,
            appname="framewright-cli",
        ) as mongo:
            database = mongo[settings.database.mongodb_database]
            await init_beanie(database=database, document_models=list(MODELS))
            await store_built_in_roles()
            return await make_operator(email, name=name, password=password, passwords=passwords, now=_now)
    finally:
        passwords.close()


def correspondence(settings: Settings) -> Correspondence:
    """How mails are written and sent."""
    smtp_url = settings.mail.smtp_url.get_secret_value()
    return Correspondence(
        post=SmtpPost(SmtpServer.parse(smtp_url))
        if smtp_url
        else FolderPost(settings.server.data_dir.resolve() / "mails"),
        tokens=mail_tokens(settings),
        sender=settings.mail.mail_from,
        app_url=_app_url(settings),
    )


def media_urls(settings: Settings) -> MediaUrls:
    """What signs the addresses of stored files."""
    return MediaUrls(
        [key.get_secret_value() for key in settings.access.secrets_keys.values()],
        str(settings.server.public_url),
        now=_now,
    )


def account_budgets(settings: Settings) -> AccountBudgets:
    """How often one may try to get in, and have mails sent."""
    return AccountBudgets(
        **{field.name: getattr(settings.budgets, field.name) for field in fields(AccountBudgets)}
    )


def cost_budgets(settings: Settings) -> CostBudgets:
    """What operations may cost over time."""
    return CostBudgets(**{field.name: getattr(settings.budgets, field.name) for field in fields(CostBudgets)})


def redis_prefix(settings: Settings) -> str:
    """What all our keys in Redis begin with, so that several installations may share one."""
    return f"{settings.database.mongodb_database}:"


def tree_caps(settings: Settings) -> Caps:
    """How large a project may grow."""
    return Caps(**settings.tree_caps.model_dump())


def job_policy(settings: Settings) -> JobPolicy:
    """The numbers that jobs run by."""
    jobs = settings.jobs
    return JobPolicy(
        lease_s=jobs.lease_s,
        sweep_interval_s=jobs.sweep_interval_s,
        silence_s=jobs.silence_s,
        messages_per_user=jobs.messages_per_user,
        unfinished_per_user=jobs.unfinished_jobs_per_user,
        max_attempts=jobs.max_attempts,
        max_deaths=jobs.max_deaths,
        backoff_s=jobs.backoff_s,
        max_backoff_s=jobs.max_backoff_s,
    )


def provider_choice(settings: Settings, redis: Redis) -> ProviderChoice:
    """Who does what here, and with whose keys.

    Args:
        settings: who is set up, and in which order.
        redis: where all processes count the calls with each key.
    """
    gate = RedisGate(redis, f"{redis_prefix(settings)}turns")
    desk = ProviderDesk(_provider_services(settings.providers, gate), capability_settings(settings.providers))
    return ProviderChoice(desk, sealing(settings))


def _provider_services(settings: Providers, gate: Gate) -> list[Service]:
    prices = price_list(settings)
    known: dict[str, Callable[[], Service]] = {
        "local": LocalService,
        "openai": lambda: OpenAiService(openai_options(settings), prices, gate),
        "replicate": lambda: ReplicateService(replicate_options(settings), prices, gate),
        "elevenlabs": lambda: ElevenLabsService(elevenlabs_options(settings), prices, gate),
    }
    for server in settings.compatible_providers:
        options = compatible_options(settings, server)
        known[server.key] = partial(OpenAiService, options, prices, gate)
    return [known[name]() for name in settings.order]


def _access_tokens(settings: Settings) -> AccessTokens:
    return AccessTokens(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=_now,
        lifetime_s=settings.access.access_token_lifetime_s,
    )


def _guests(settings: Settings) -> Guests:
    tokens = GuestTokens(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=_now,
    )
    return Guests(tokens, now=_now)


def _challenges(settings: Settings) -> Challenges:
    return Challenges(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=_now,
    )


def _identity_providers(settings: Settings) -> dict[str, IdentityProvider]:
    found = {}
    for each in settings.access.oidc_providers:
        options = ProviderOptions(
            key=each.key,
            name=each.name,
            issuer=str(each.issuer).rstrip("/"),
            client_id=each.client_id,
            client_secret=each.client_secret.get_secret_value(),
            scope=each.scope,
            is_github=each.kind == "github",
        )
        found[each.key] = IdentityProvider(options, str(settings.server.public_url).rstrip("/"))
    return found


def sealing(settings: Settings) -> Sealing:
    """What seals secrets that are kept."""
    keys = settings.access.secrets_keys
    return Sealing({key_id: key.get_secret_value() for key_id, key in keys.items()})


def _app_url(settings: Settings) -> str:
    return str(settings.mail.app_url or settings.server.public_url).rstrip("/")


def _now() -> datetime:
    return datetime.now(UTC)
