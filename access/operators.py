"""The first operator of an installation, made by whoever can reach its database."""

from collections.abc import Callable
from datetime import datetime

from pymongo.asynchronous.client_session import AsyncClientSession

from access.built_in_roles import SUPERADMIN
from access.email_addresses import EmailAddress
from access.password_rules import password_fault
from access.passwords import Passwords
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.notice import Notice, NoticeKind
from documents.transaction import in_transaction


class OperatorRefused(ValueError):
    """Nobody was made an operator; the message says why."""


async def make_operator(
    email: str, *, name: str, password: str | None, passwords: Passwords, now: Callable[[], datetime]
) -> User:
    """Let somebody run the platform: a new account, or one that there is already.

    Args:
        email: of the account. That of a new one counts as verified; one that there is must be verified.
        name: of a new account.
        password: of a new account; that of an account that there is stays as it is.
        passwords: hashes it.
        now: the clock.

    Raises:
        OperatorRefused: a new account has no password or a weak one, or the account belongs to a company or
            has an address that is not verified.
        MalformedAddress: the address is none.
    """
    address = EmailAddress.parse(email)
    password_hash = None
    if await User.with_email_key(address.key) is None:
        fault = password_fault(password or "", address)
        if fault is not None:
            raise OperatorRefused(fault)
        password_hash = await passwords.hash(password or "")

    async def work(session: AsyncClientSession) -> User:
        at = now()
        user = await User.find_one({"email_key": address.key}, session=session)
        if user is None:
            user = await User.register(
                email=address.typed,
                email_key=address.key,
                name=name,
                locale="en",
                password_hash=password_hash,
                email_verified_at=at,
                now=at,
                session=session,
            )
        if user is None:
            raise OperatorRefused("Somebody signed up with this address just now: try again.")
        if user.email_verified_at is None:
            raise OperatorRefused(
                "The address of this account is not verified, so whoever made it may be anybody: "
                "follow the link that was mailed to the address first."
            )
        operator = await User.set_platform_role(user.id, SUPERADMIN.id, now=at, session=session)
        if operator is None:
            raise OperatorRefused(
                "This account belongs to a company or is deleted: a member runs no platform."
            )
        entry = AuditEntry(
            at=at,
            action=AuditAction.PLATFORM_ROLE_CHANGED,
            target_kind="User",
            target_id=user.id,
            details={"after": SUPERADMIN.name, "by": "command line"},
        )
        await AuditEntry.write(entry, session=session)
        # The sweeper publishes it: whatever the account has open looks at its rights again.
        await Notice.write(Notice(user_id=user.id, kind=NoticeKind.ACCESS_CHANGED, at=at), session=session)
        return operator

    return await in_transaction(work)
