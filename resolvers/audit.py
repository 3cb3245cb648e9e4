"""Writing into the audit trail, with what the request knows of its sender."""

from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.audit_entry import AuditAction, AuditEntry
from resolvers.context import Context


async def record(
    context: Context,
    action: AuditAction,
    target_kind: str,
    target_id: PydanticObjectId,
    *,
    session: AsyncClientSession | None = None,
    actor_id: PydanticObjectId | None = None,
    company_id: PydanticObjectId | None = None,
    project_id: PydanticObjectId | None = None,
    **details: Any,
) -> None:
    """Write down what the viewer does.

    Args:
        context: the operation's.
        action: what is done.
        target_kind: to what, by its GraphQL type.
        target_id: to which one.
        session: of the transaction in which it is done.
        actor_id: who does it, where nobody is signed in yet.
        company_id: the company whose administrators may read this. If not given the viewer's own, save for
            what is done in a project: a member's private projects are no business of the company's.
        project_id: the project that it is done in.
        details: roles before and after, names; JSON values, never a secret.
    """
    viewer = context.viewer
    if company_id is None and project_id is None and viewer is not None:
        company_id = viewer.company_id
    entry = AuditEntry(
        at=context.services.now(),
        action=action,
        actor_id=actor_id or (viewer.user_id if viewer else None),
        api_key_id=viewer.api_key_id if viewer else None,
        session_id=viewer.session_id if viewer else None,
        address=context.remote_address,
        user_agent=context.request.headers.get("user-agent", "")[:300],
        target_kind=target_kind,
        target_id=target_id,
        company_id=company_id,
        project_id=project_id,
        details=details,
    )
    await AuditEntry.write(entry, session=session)
