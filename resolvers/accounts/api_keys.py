"""API keys: made, listed and revoked by the person for whom they act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.api_key_tokens import PREFIX, ApiKeyToken
from access.errors import NotFound
from access.permissions import KEY_SCOPES, Level, Permission
from access.viewer import Viewer
from documents.accounts.api_key import MOST_PER_USER, ApiKey
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.notice import Notice, NoticeKind
from documents.transaction import in_transaction
from resolvers import audit
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode

_HINT_CHARACTERS = 4
"""Of the id part of a key, which is no secret."""


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key and, this once, its text."""

    key: ApiKey
    token: str = field(repr=False)


async def of_user(context: Context, user: User) -> list[ApiKey] | None:
    """The viewer's own keys; None for anybody else's."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await ApiKey.of_user(user.id)


async def visible(context: Context, key_id: PydanticObjectId) -> ApiKey | None:
    """A key of the viewer's own."""
    viewer = context.viewer
    if viewer is None or not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await ApiKey.find_one({"_id": key_id, "user_id": viewer.user_id})


async def create(
    context: Context, *, name: str, scopes: Sequence[Permission], expires_at: datetime | None
) -> Outcome[NewApiKey]:
    """Make a key for the viewer, with no more scopes than the viewer has."""
    viewer = context.require_viewer()
    now = context.services.now()
    values, faults = checked(ApiKey, {"name": name}, at="input")
    faults += _scope_faults(viewer, scopes)
    if expires_at is not None and expires_at <= now:
        text = "The key would have expired already; choose a later time, or null for a key without end."
        faults.append(UserError(UserErrorCode.INVALID, "input.expiresAt", text))
    if faults:
        return Outcome(user_errors=faults)
    token = ApiKeyToken.make()
    text = token.reveal()
    key = ApiKey(
        id=token.key_id,
        user_id=viewer.user_id,
        name=values["name"],
        secret_hash=token.secret_hash,
        # An id's first half is its time, which two keys may share: its counter tells them apart.
        hint=f"{PREFIX}…{text[len(PREFIX) + 12 : len(PREFIX) + 12 + _HINT_CHARACTERS]}",
        scopes=sorted({scope.value for scope in scopes}),
        created_at=now,
        expires_at=expires_at,
    )

    async def add(session: AsyncClientSession) -> bool:
        if not await ApiKey.add(key, session=session):
            return False
        await audit.record(
            context,
            AuditAction.API_KEY_CREATED,
            "ApiKey",
            key.id,
            session=session,
            name=key.name,
            scopes=key.scopes,
        )
        return True

    if not await in_transaction(add):
        text = f"You have {MOST_PER_USER} API keys, the most there can be: revoke one first."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
    return Outcome(NewApiKey(key, text))


async def revoke(context: Context, key_id: PydanticObjectId) -> Outcome[PydanticObjectId]:
    """End a key of the viewer's at once; sockets that it opened look at their rights again.

    Raises:
        NotFound: the viewer has no such key.
    """
    viewer = context.require_viewer()
    notice = Notice(user_id=viewer.user_id, kind=NoticeKind.ACCESS_CHANGED, at=context.services.now())

    async def remove(session: AsyncClientSession) -> bool:
        key = await ApiKey.revoke(key_id, viewer.user_id, session=session)
        if key is None:
            return False
        await audit.record(
            context, AuditAction.API_KEY_REVOKED, "ApiKey", key_id, session=session, name=key.name
        )
        await Notice.write(notice, session=session)
        return True

    if not await in_transaction(remove):
        raise NotFound("ApiKey")
    await context.services.announcer.notices(notice)
    return Outcome(key_id)


def _scope_faults(viewer: Viewer, scopes: Sequence[Permission]) -> list[UserError]:
    at = "input.scopes"
    if not scopes:
        return [UserError(UserErrorCode.INVALID, at, "A key has at least one scope.")]
    faults = []
    for scope in sorted(set(scopes), key=lambda each: each.value):
        if scope not in KEY_SCOPES:
            text = f"No API key can have {scope.value}: it takes somebody who is signed in."
            faults.append(UserError(UserErrorCode.INVALID, at, text))
        elif scope.level is not Level.PROJECT and not viewer.has(scope):
            text = f"A key does no more than you may yourself, and you do not have {scope.value}."
            faults.append(UserError(UserErrorCode.INVALID, at, text))
    return faults
