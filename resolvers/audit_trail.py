"""The audit trail, as those may read it whom it concerns."""

from access.permissions import Permission
from documents import audit_trail
from documents.accounts.user import User
from documents.audit_entry import AuditEntry
from documents.audit_trail import AuditFilter
from documents.newest_first import Page, Window
from resolvers.companies.governing import own_company
from resolvers.context import Context


async def of_company(context: Context, wanted: AuditFilter, window: Window) -> Page[AuditEntry]:
    """A page of what was done in the viewer's company.

    Raises:
        NotFound, Forbidden: the viewer belongs to none, or may not read this.
    """
    company_id = own_company(context, Permission.COMPANY_AUDIT_VIEW)
    return await audit_trail.of_company(company_id, wanted, window)


async def of_platform(wanted: AuditFilter, window: Window) -> Page[AuditEntry]:
    """A page of what was done anywhere; the operation's rule has let the viewer in."""
    return await audit_trail.of_everything(wanted, window)


async def of_user(context: Context, user: User, window: Window) -> Page[AuditEntry] | None:
    """A page of what the viewer did and what was done to the viewer's account; None for anybody else's."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await audit_trail.about_user(user.id, window)
