"""The audit trail."""

from documents.audit_entry import AuditAction, AuditEntry
from tests.strangers.example import Example
from tests.strangers.world import World


async def furnish(world: World) -> None:
    entry = AuditEntry(
        at=world.studio.services.now(),
        action=AuditAction.ROLE_CREATED,
        actor_id=world.people["admin"].user_id,
        target_kind="Role",
        target_id=world.company.id,
        company_id=world.company.id,
        details={"name": "Canary role"},
    )
    await AuditEntry.write(entry, session=None)


EXAMPLES = {
    "auditEntries": Example(is_own=True, by="admin"),
    "platformAuditEntries": Example(),
}
