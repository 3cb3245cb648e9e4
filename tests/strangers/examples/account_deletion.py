"""Deleting the own account and bringing it back: the `leaver` of this module has deleted hers."""

from datetime import timedelta

from documents.accounts.user import User
from tests.strangers.example import Example
from tests.strangers.people import PASSWORD
from tests.strangers.world import World


async def furnish(world: World) -> None:
    services = world.studio.services
    now = services.now()
    leaver = await User(
        email="canary-leaver@example.com",
        email_key="canary-leaver@example.com",
        name="Canary leaver",
        password_hash=await services.passwords.hash(PASSWORD),
        deleted_at=now - timedelta(days=1),
        created_at=now,
        updated_at=now,
    ).insert()
    world.documents["way back"] = services.challenges.issue(leaver, way="password").value


EXAMPLES = {
    "deleteAccount": Example(lambda _: {"input": {"password": PASSWORD}}, is_own=True, by="other"),
    "restoreAccount": Example(
        lambda w: {"input": {"challenge": w.documents["way back"]}},
        by="anonymous",
        forged=lambda w: {"input": {"challenge": w.documents["way back"][:-8] + "AAAAAAAA"}},
        unseen="UNAUTHENTICATED",
    ),
}
