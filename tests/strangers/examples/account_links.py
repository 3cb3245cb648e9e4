"""The own profile, address and password: what mails and links have to do with."""

from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.user import User
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.people import PASSWORD
from tests.strangers.world import World

UNVERIFIED = "removed member"


async def furnish(world: World) -> None:
    unverified = world.people[UNVERIFIED]
    await User.get_pymongo_collection().update_one(
        {"_id": unverified.user_id}, {"$set": {"email_verified_at": None}}
    )
    for kind in AccountLinkKind:
        person = unverified if kind is AccountLinkKind.VERIFY_EMAIL else world.owner
        email = "canary-new@example.com" if kind is AccountLinkKind.CHANGE_EMAIL else person.email
        world.documents[kind.value] = await AccountLink.put(
            kind,
            person.user_id,
            email=email,
            email_key=email.lower(),
            known_key=person.email.lower(),
            now=world.studio.services.now(),
        )


def token(world: World, kind: AccountLinkKind) -> str:
    purpose = LinkPurpose(kind.value)
    return world.studio.services.mail_tokens.token(purpose, world.documents[kind.value].id)


def forged(world: World, kind: AccountLinkKind) -> str:
    """The link's id is right and the signature made up."""
    return token(world, kind)[:-20] + "A" * 20


EXAMPLES = {
    "updateProfile": Example(lambda _: {"input": {"name": "Somebody"}}, is_own=True),
    "verifyEmail": Example(
        lambda w: {"input": {"token": token(w, AccountLinkKind.VERIFY_EMAIL)}},
        by="anonymous",
        forged=lambda w: {"input": {"token": forged(w, AccountLinkKind.VERIFY_EMAIL)}},
        unseen="INVALID",
    ),
    "resendVerification": Example(is_own=True, by=UNVERIFIED),
    "requestEmailChange": Example(
        lambda _: {"input": {"newEmail": "brand-new@example.com", "password": PASSWORD}}, is_own=True
    ),
    "confirmEmailChange": Example(
        lambda w: {"input": {"token": token(w, AccountLinkKind.CHANGE_EMAIL)}},
        by="anonymous",
        forged=lambda w: {"input": {"token": forged(w, AccountLinkKind.CHANGE_EMAIL)}},
        unseen="INVALID",
    ),
    "changePassword": Example(
        lambda _: {"input": {"currentPassword": PASSWORD, "newPassword": "amber lighthouse"}}, is_own=True
    ),
    "requestPasswordReset": Example(
        lambda _: {"input": {"email": "nobody@example.com"}}, by="anonymous", is_harmless=True
    ),
    "resetPassword": Example(
        lambda w: {
            "input": {"token": token(w, AccountLinkKind.RESET_PASSWORD), "password": "amber lighthouse"}
        },
        by="anonymous",
        forged=lambda w: {
            "input": {"token": forged(w, AccountLinkKind.RESET_PASSWORD), "password": "amber lighthouse"}
        },
        unseen="INVALID",
    ),
    "revokeSession": Example(
        lambda w: {"input": {"sessionId": document_gid("Session", w.owner.session_id)}}, by="owner"
    ),
}

NODES = {
    "Session": NodeExample(
        lambda w: document_gid("Session", w.owner.session_id), needs=Permission.ACCOUNT_MANAGE
    )
}
