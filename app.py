"""The ASGI application, composed from the settings: each part is opened here and handed down."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from beanie import init_beanie
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from starlette.applications import Starlette

from access.authentication import Authenticator
from access.built_in_roles import store_built_in_roles
from access.cost_budgets import CostMeter
from access.lock_out import LockOut
from access.passwords import Passwords
from access.rate_limits import RateLimits
from composition.access import account_budgets, cost_budgets, identity_providers
from composition.clock import utc_now
from composition.jobs import job_policy, redis_prefix, tree_caps
from composition.mail import app_url
from composition.providers import provider_choice
from composition.secrets import access_tokens, challenges, guests, mail_tokens, media_urls, sealing
from composition.storage import object_store
from documents import MODELS
from documents.media.upload_life import UploadAllowance
from documents.writers_room.built_in_personas import store_built_in_personas
from events.hub import Hub
from events.presence import PresenceBoard
from events.publisher import Publisher
from resolvers.context import Services
from resolvers.costs import charge
from resolvers.live.presence_watch import PresenceWatch
from resolvers.live.rights_watch import RightsWatch
from schema.guarding.guards import Limits
from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from settings.sections import Settings
from tasks.buying.estimate import Estimator
from tasks.job_engine.announce import Announcer
from tasks.job_engine.background import in_background
from tasks.job_engine.broker import Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
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
        app_url=app_url(settings),
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
        tokens = access_tokens(settings)
        providers = provider_choice(settings, redis)
        opened.push_async_callback(providers.desk.close)
        announcer = Announcer(Publisher(redis, f"{prefix}events:"))
        presence = PresenceBoard(redis, f"{prefix}presence")
        watch = PresenceWatch(presence, announcer, now=utc_now)
        await opened.enter_async_context(in_background(lambda: watch.run(hub)))
        services = Services(
            passwords=passwords,
            tokens=tokens,
            authenticator=Authenticator(tokens, now=utc_now),
            guests=guests(settings),
            rate_limits=rate_limits,
            lock_out=LockOut(redis, f"{prefix}limits:lock-out"),
            costs=costs,
            mail_tokens=mail_tokens(settings),
            challenges=challenges(settings),
            sealing=sealing(settings),
            identity_providers=identity_providers(settings),
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
                now=utc_now,
            ),
            estimator=Estimator(utc_now),
            providers=providers,
            caps=tree_caps(settings),
            now=utc_now,
            spending_per_user_micros=settings.providers.spending_per_user_micros,
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
