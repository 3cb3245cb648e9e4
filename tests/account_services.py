"""What accounts need, on the real servers, with fast passwords; the rest has no business there."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from beanie import init_beanie
from pymongo.asynchronous.database import AsyncDatabase
from redis.asyncio import Redis

from access.authentication import Authenticator
from access.built_in_roles import store_built_in_roles
from access.challenges import Challenges
from access.lock_out import LockOut
from access.mail_tokens import MailTokens
from access.passwords import Passwords
from access.rate_limits import AccountBudgets, RateLimits
from access.tokens import AccessTokens
from documents import MODELS
from events.publisher import Publisher
from resolvers.context import Services
from tasks.job_engine.announce import Announcer
from tasks.job_engine.broker import Sender, make_broker
from tasks.job_engine.dispatch import Dispatcher
from tasks.job_engine.policy import JobPolicy
from tests.bare_services import bare_services
from tests.studio import NO_PAUSES


@asynccontextmanager
async def open_account_services(
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    prefix: str,
    *,
    budget: str = "1000 per minute",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Services]:
    """Open them; nobody is kept waiting after failed sign-ins."""
    await init_beanie(database=database, document_models=list(MODELS))
    await store_built_in_roles()
    redis = Redis.from_url(redis_url)
    broker = make_broker(redis_url, f"{prefix}jobs")
    announcer = Announcer(Publisher(redis, f"{prefix}events:"))
    tokens = AccessTokens(["k" * 32], issuer="https://a.example", audience="api", now=now)
    opened = bare_services(
        passwords=Passwords(time_cost=1, memory_kib=64, lanes=1),
        tokens=tokens,
        authenticator=Authenticator(tokens, now=now),
        rate_limits=RateLimits(redis_url, budgets=AccountBudgets.every(budget), key_prefix=f"{prefix}limits"),
        lock_out=LockOut(redis, f"{prefix}limits:lock-out", from_one_network=NO_PAUSES, in_all=NO_PAUSES),
        challenges=Challenges(["k" * 32], issuer="https://a.example", audience="api", now=now),
        mail_tokens=MailTokens(["s" * 32]),
        announcer=announcer,
        dispatcher=Dispatcher(
            client=database.client,
            sender=Sender(broker),
            announcer=announcer,
            policy=JobPolicy(),
            now=now,
        ),
        now=now,
    )
    yield opened
    opened.passwords.close()
    await opened.rate_limits.close()
    broker.close()
    await redis.aclose()
