"""Ways in through providers: somebody whom one vouched for a moment ago, and the owner's own."""

from datetime import timedelta

from access.proof_codes import challenge_of, code_hash
from documents.accounts.identity import Identity, key_of
from documents.accounts.identity_proof import IdentityProof
from documents.accounts.user import User
from schema.ids import document_gid
from tests.strangers.example import Example
from tests.strangers.people import PASSWORD
from tests.strangers.world import World

ISSUER = "https://accounts.example"
VERIFIER = "v" * 43


async def furnish(world: World) -> None:
    now = world.studio.services.now()
    identity = Identity(key=key_of(ISSUER, "owner"), provider="test", linked_at=now)
    await User.get_pymongo_collection().update_one(
        {"_id": world.owner.user_id}, {"$set": {"identities": [identity.stored()]}}
    )
    world.documents["identity"] = identity
    for subject, code in (("owner", "owners-code"), ("newcomer", "newcomers-code")):
        proof = IdentityProof(
            code_hash=code_hash(code),
            challenge=challenge_of(VERIFIER),
            provider="test",
            key=key_of(ISSUER, subject),
            email="newcomer@example.com",
            is_email_verified=True,
            name="Newcomer",
            locale="en",
            expires_at=now + timedelta(days=1),
        )
        await proof.insert()


def given(code: str, verifier: str = VERIFIER) -> dict[str, str]:
    return {"code": code, "verifier": verifier}


EXAMPLES = {
    "signInProviders": Example(is_harmless=True),
    "exchangeSignIn": Example(
        lambda _: {"input": given("owners-code")},
        by="anonymous",
        forged=lambda _: {"input": given("owners-code", "w" * 43)},
        unseen="INVALID",
    ),
    "linkIdentity": Example(
        lambda _: {"input": {**given("newcomers-code"), "password": PASSWORD}}, is_own=True
    ),
    "unlinkIdentity": Example(
        lambda w: {
            "input": {
                "identityId": document_gid("Identity", w.documents["identity"].id),
                "password": PASSWORD,
            }
        }
    ),
}
