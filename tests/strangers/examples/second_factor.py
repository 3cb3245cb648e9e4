"""Second factors: the owner has one that is not confirmed yet, the colleague one that counts."""

import pyotp

from access.one_time_codes import recovery_hash
from documents.accounts.second_factor import SecondFactor
from documents.accounts.user import User
from tests.strangers.example import Example
from tests.strangers.people import PASSWORD
from tests.strangers.world import World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def furnish(world: World) -> None:
    now = world.studio.services.now()
    for name, confirmed_at in (("owner", None), ("colleague", now)):
        user_id = world.people[name].user_id
        digest = recovery_hash(user_id, "abcd-efgh-ijkl-mnop")
        assert digest is not None
        factor = SecondFactor(
            sealed_secret=world.studio.services.sealing.seal(f"totp:{user_id}", SECRET.encode()),
            started_at=now,
            confirmed_at=confirmed_at,
            recovery_hashes=[digest] if confirmed_at else [],
        )
        await User.get_pymongo_collection().update_one(
            {"_id": user_id}, {"$set": {"totp": factor.model_dump()}}
        )
    colleague = await User.get(world.people["colleague"].user_id)
    assert colleague is not None
    world.documents["challenge"] = world.studio.services.challenges.issue(colleague, way="PASSWORD").value


def code() -> str:
    return pyotp.TOTP(SECRET).now()


def challenge(world: World, tail: str = "") -> str:
    genuine = str(world.documents["challenge"])
    return genuine[: len(genuine) - len(tail)] + tail


EXAMPLES = {
    "startSecondFactor": Example(
        lambda _: {"input": {"password": PASSWORD}}, is_own=True, refusals={"colleague": "TAKEN"}
    ),
    "confirmSecondFactor": Example(
        lambda _: {"input": {"code": code()}}, unseen="INVALID", refusals={"colleague": "TAKEN"}
    ),
    "renewRecoveryCodes": Example(lambda _: {"input": {"code": code()}}, by="colleague", unseen="INVALID"),
    "removeSecondFactor": Example(lambda _: {"input": {"code": code()}}, by="colleague", unseen="INVALID"),
    "completeSignIn": Example(
        lambda w: {"input": {"challenge": challenge(w), "code": code()}},
        by="anonymous",
        forged=lambda w: {"input": {"challenge": challenge(w, "AAAAAAAA"), "code": code()}},
        unseen="UNAUTHENTICATED",
    ),
}
