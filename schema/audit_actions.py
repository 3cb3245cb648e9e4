"""The words for what the audit trail tells."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from documents.audit_entry import AuditAction

DESCRIPTIONS: Final[Mapping[AuditAction, str]] = MappingProxyType(
    {
        AuditAction.SIGNED_UP: "An account was made.",
        AuditAction.SIGNED_IN: "Somebody signed in.",
        AuditAction.SIGN_IN_LOCKED: "Too many failed tries: signing in was stopped for a while.",
        AuditAction.SESSION_ENDED: "A session was ended before its time.",
        AuditAction.REFRESH_TOKEN_REUSED: "A used refresh token came again, which ended its session.",
        AuditAction.EMAIL_VERIFIED: "An e-mail address was proved to be read by its owner.",
        AuditAction.EMAIL_CHANGED: "An account's e-mail address was changed.",
        AuditAction.PASSWORD_CHANGED: "A password was changed by somebody who knew the old one.",
        AuditAction.PASSWORD_RESET: "A password was replaced by way of a mail.",
        AuditAction.IDENTITY_LINKED: "Another way in was linked to an account.",
        AuditAction.IDENTITY_UNLINKED: "Another way in was taken off an account.",
        AuditAction.SECOND_FACTOR_ADDED: "A second factor was set up.",
        AuditAction.SECOND_FACTOR_REMOVED: "A second factor was taken off.",
        AuditAction.RECOVERY_CODES_RENEWED: "Recovery codes were made anew.",
        AuditAction.RECOVERY_CODE_USED: "A recovery code was used up.",
        AuditAction.API_KEY_CREATED: "An API key was made.",
        AuditAction.API_KEY_REVOKED: "An API key was ended.",
        AuditAction.PROVIDER_KEY_SAVED: "A key at a provider was saved.",
        AuditAction.PROVIDER_KEY_REMOVED: "A key at a provider was removed.",
        AuditAction.DATA_EXPORTED: "Somebody ordered a file of all their data.",
        AuditAction.ACCOUNT_DELETED: "An account was deleted; it can be restored for 30 days.",
        AuditAction.ACCOUNT_RESTORED: "A deleted account was brought back.",
        AuditAction.ACCOUNT_ERASED: "A deleted account was removed for good.",
        AuditAction.USER_SUSPENDED: "An operator shut an account out.",
        AuditAction.USER_ADMITTED: "An operator let an account in again.",
        AuditAction.PLATFORM_ROLE_CHANGED: "Somebody's role on the platform was changed.",
        AuditAction.SPENDING_LIMIT_SET: "An operator changed what somebody may spend.",
        AuditAction.COMPANY_CREATED: "A company was made.",
        AuditAction.COMPANY_UPDATED: "A company's settings were changed.",
        AuditAction.MEMBER_INVITED: "Somebody was invited into a company.",
        AuditAction.INVITATION_REVOKED: "An invitation was taken back.",
        AuditAction.INVITATION_ACCEPTED: "An invitation was accepted.",
        AuditAction.INVITATION_DECLINED: "An invitation was declined.",
        AuditAction.MEMBER_ROLE_CHANGED: "A member's role was changed.",
        AuditAction.MEMBER_REMOVED: "A member was removed from a company.",
        AuditAction.MEMBER_LEFT: "A member left a company.",
        AuditAction.ROLE_CREATED: "A company defined a role.",
        AuditAction.ROLE_UPDATED: "A company changed a role.",
        AuditAction.ROLE_DELETED: "A company removed a role.",
        AuditAction.ASSET_DELETED: "A brand asset was deleted.",
        AuditAction.CAR_DELETED: "A car model or a part of one was deleted.",
        AuditAction.PROJECT_DELETED: "A project was deleted; it can be restored for 30 days.",
        AuditAction.PROJECT_RESTORED: "A deleted project was brought back.",
        AuditAction.PROJECT_ERASED: "A deleted project was removed for good.",
        AuditAction.PROJECT_TRANSFERRED: "A project got another owner.",
        AuditAction.COLLABORATOR_INVITED: "Somebody was invited to a project by mail.",
        AuditAction.COLLABORATOR_ADDED: "A project was shared with somebody.",
        AuditAction.COLLABORATOR_ROLE_CHANGED: "A collaborator's role was changed.",
        AuditAction.COLLABORATOR_REMOVED: "A project is no longer shared with somebody.",
        AuditAction.COMMENT_DELETED: "A comment or an answer was deleted.",
        AuditAction.REVIEW_LINK_CREATED: "A review link was made.",
        AuditAction.REVIEW_LINK_REVOKED: "A review link was ended.",
    }
)
"""Of every act."""
