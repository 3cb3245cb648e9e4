"""Keys at providers that people and companies bring: saved, tried, listed and removed, never shown."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from access.sealing import SealBroken
from documents.accounts.provider_key import ProviderKey
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies.company import Company
from providers.errors import KeyRefused, ProviderUnavailable
from providers.service import Service
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.companies.governing import Governing, govern
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

Change = Callable[[AsyncClientSession], Awaitable[Outcome[ProviderKey]]]

_KEY: Final = re.compile(r"[!-~]{8,500}")  # what a header may carry
_HINT_CHARACTERS: Final = 4
_DEADLINE_S: Final = 20.0
"""How long a provider may take to say whether it takes a key; less than an operation may last."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose key it is: the viewer's, or the company's in which the viewer may edit settings."""

    id: PydanticObjectId
    is_company: bool


async def save(
    context: Context, *, provider: str, key: str, company_id: PydanticObjectId | None
) -> Outcome[ProviderKey]:
    """Keep a key that the provider takes, in the place of an earlier one.

    Raises:
        NotFound, Forbidden: the viewer does not belong to the company, or may not edit it.
        RateLimited: too many tries.
    """
    owner = _owner(context, company_id)
    service = context.services.providers.desk.service(provider)
    if service is None or not service.takes_keys:
        return Outcome(user_errors=[_no_such_provider(context)])
    key = key.strip()
    if not _KEY.fullmatch(key):
        text = "A key has 8 to 500 characters: letters, digits and signs of ASCII, without spaces."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.key")
    fault = await _fault(context, service, key, at="input.key")
    if fault is not None:
        return Outcome(user_errors=[fault])
    now = context.services.now()
    made = ProviderKey(
        owner_id=owner.id,
        is_company=owner.is_company,
        provider=provider,
        sealed="",
        hint=key[-_HINT_CHARACTERS:],
        created_by=context.require_viewer().user_id,
        created_at=now,
        checked_at=now,
    )
    made.sealed = context.services.sealing.seal(made.purpose, key.encode())

    async def put(session: AsyncClientSession) -> Outcome[ProviderKey]:
        await made.put(session=session)
        return Outcome(made)

    return await _change(context, owner, AuditAction.PROVIDER_KEY_SAVED, provider, put)


async def remove(
    context: Context, *, provider: str, company_id: PydanticObjectId | None
) -> Outcome[ProviderKey]:
    """Forget a key; what runs with it may still finish.

    Raises:
        NotFound, Forbidden: there is none, or it is not the viewer's to remove.
    """
    owner = _owner(context, company_id)

    async def take(session: AsyncClientSession) -> Outcome[ProviderKey]:
        removed = await ProviderKey.remove(owner.id, provider, session=session)
        if removed is None:
            raise NotFound("ProviderKey")
        return Outcome(removed)

    return await _change(context, owner, AuditAction.PROVIDER_KEY_REMOVED, provider, take)


async def check(
    context: Context, *, provider: str, company_id: PydanticObjectId | None
) -> Outcome[ProviderKey]:
    """Try a key again.

    Raises:
        NotFound, Forbidden: there is none, or it is not the viewer's to try.
        RateLimited: too many tries.
    """
    owner = _owner(context, company_id)
    known = await ProviderKey.find_one({"owner_id": owner.id, "provider": provider})
    service = context.services.providers.desk.service(provider)
    if known is None:
        raise NotFound("ProviderKey")
    if service is None:
        return Outcome(user_errors=[_no_such_provider(context)])
    try:
        opened = context.services.sealing.open(known.purpose, known.sealed).decode()
    except SealBroken:
        text = "This key can no longer be opened: the installation lost what sealed it. Save it again."
        return Outcome.refused(UserErrorCode.INVALID, text)
    fault = await _fault(context, service, opened, at="input.provider")
    if fault is not None:
        return Outcome(user_errors=[fault])
    taken = await known.taken(context.services.now())
    if taken is None:
        raise NotFound("ProviderKey")
    return Outcome(taken)


async def of_user(context: Context, user: User) -> Sequence[ProviderKey] | None:
    """The viewer's own keys; None for anybody else's."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await ProviderKey.of_owner(user.id)


async def of_company(context: Context, company: Company) -> Sequence[ProviderKey] | None:
    """The company's keys; None for who may not edit it."""
    viewer = context.require_viewer()
    if viewer.company_id != company.id or not viewer.has(Permission.COMPANY_EDIT):
        return None
    return await ProviderKey.of_owner(company.id)


def _owner(context: Context, company_id: PydanticObjectId | None) -> Owner:
    if company_id is None:
        return Owner(context.require_viewer().user_id, is_company=False)
    context.companies.check(company_id, Permission.COMPANY_EDIT)
    return Owner(company_id, is_company=True)


async def _change(
    context: Context, owner: Owner, action: AuditAction, provider: str, change: Change
) -> Outcome[ProviderKey]:
    """Change keys and write it down, in one transaction that sees what the viewer may do by then."""

    async def of_company(governing: Governing) -> Outcome[ProviderKey]:
        outcome = await change(governing.session)
        await governing.record(action, "Company", owner.id, provider=provider)
        return outcome

    async def of_user(acting: AccountAct) -> Outcome[ProviderKey]:
        outcome = await change(acting.session)
        await acting.record(action, owner.id, provider=provider)
        return outcome

    if owner.is_company:
        return await govern(context, owner.id, Permission.COMPANY_EDIT, of_company)
    return await act_on_account(context, of_user)


async def _fault(context: Context, service: Service, key: str, *, at: str) -> UserError | None:
    """Why the provider does not take a key; None if it does."""
    viewer = context.require_viewer()
    await context.services.rate_limits.count_guess(f"provider-key:{viewer.user_id}", context.remote_address)
    try:
        async with asyncio.timeout(_DEADLINE_S):
            await service.check(key)
    except KeyRefused as refused:
        text = f"This key cannot be used at {service.name}: {refused.why}"
        return UserError(UserErrorCode.INVALID, at, _without(key, text))
    except ProviderUnavailable as error:
        text = f"{service.name} could not be asked about this key: {error.why} Nothing was changed."
        return UserError(UserErrorCode.UNAVAILABLE, at, _without(key, text))
    except TimeoutError:
        text = f"{service.name} did not answer within {_DEADLINE_S:.0f} s. Nothing was changed: try again."
        return UserError(UserErrorCode.UNAVAILABLE, at, text)
    return None


def _without(key: str, text: str) -> str:
    # Some providers repeat what they refuse.
    return text.replace(key, "…")


def _no_such_provider(context: Context) -> UserError:
    known = [each.name for each in context.services.providers.desk.services() if each.takes_keys]
    text = f"Keys are taken for {', '.join(known)}." if known else "No provider here takes keys."
    return UserError(UserErrorCode.INVALID, "input.provider", text)
