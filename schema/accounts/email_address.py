"""The own e-mail address: verifying it, and having another one."""

import strawberry

from access.permissions import Permission
from resolvers.accounts import email_change, email_verification
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs

Info = strawberry.Info[Context, None]


@strawberry.input(description="A link that verifies an address.")
class VerifyEmailInput:
    """Unpacked by `EmailMutations.verify_email`."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")


@strawberry.input(description="A new e-mail address.")
class RequestEmailChangeInput:
    """Unpacked by `EmailMutations.request_email_change`."""

    new_email: str = strawberry.field(description="The new address, at most 254 characters.")
    password: str | None = strawberry.field(
        default=None,
        description="The account's password; null for an account without one, within ten minutes of signing "
        "in.",
    )


@strawberry.input(description="A link that confirms a new address.")
class ConfirmEmailChangeInput:
    """Unpacked by `EmailMutations.confirm_email_change`."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")


@strawberry.type(description="What came of verifying an address.")
class VerifyEmailPayload(Payload):
    """Over `Outcome[str]`."""

    email = result_field(str, "The address that is verified; null if the link was refused.")


@strawberry.type(description="What came of asking for another mail.")
class ResendVerificationPayload(Payload):
    """Over `Outcome[str]`."""

    email = result_field(str, "Where the mail goes; null if it was refused.")


@strawberry.type(description="What came of asking for another address.")
class RequestEmailChangePayload(Payload):
    """Over `Outcome[str]`."""

    email = result_field(str, "Where the mail with the link goes; null if it was refused.")


@strawberry.type(description="What came of confirming another address.")
class ConfirmEmailChangePayload(Payload):
    """Over `Outcome[str]`."""

    email = result_field(str, "The account's address from now on; null if the link was refused.")


@strawberry.type
class EmailMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=VerifyEmailPayload,
        description="Verify an address with the link that came by mail; nobody need be signed in. The link "
        "is good for three days, also more than once. `INVALID`: it is not, or the account has another "
        "address by now.",
        metadata=OPEN,
    )
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> Outcome[str]:
        """Verify an address."""
        return await email_verification.verify(info.context, input.token)

    @strawberry.mutation(
        graphql_type=ResendVerificationPayload,
        description="Send another mail that verifies the viewer's address. `INVALID`: it is verified. "
        "Limited per address and per user.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def resend_verification(self, info: Info) -> Outcome[str]:
        """Send another link."""
        return await email_verification.send_again(info.context)

    @strawberry.mutation(
        graphql_type=RequestEmailChangePayload,
        description="Ask for another address. A mail with a link goes there, good once and for a day; until "
        "it is confirmed nothing changes. `TAKEN`: another account has the address, or one that looks the "
        "same. `INVALID`: the password is wrong or the address malformed. Limited per user.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def request_email_change(self, info: Info, input: RequestEmailChangeInput) -> Outcome[str]:
        """Send a link to the new address."""
        return await email_change.request(info.context, new_email=input.new_email, password=input.password)

    @strawberry.mutation(
        graphql_type=ConfirmEmailChangePayload,
        description="Take a new address over with the link that came there; nobody need be signed in. The "
        "old address is told. `INVALID`: the link is not good any more. `TAKEN`: another account has the "
        "address since.",
        metadata=OPEN,
    )
    async def confirm_email_change(self, info: Info, input: ConfirmEmailChangeInput) -> Outcome[str]:
        """Change the address."""
        return await email_change.confirm(info.context, input.token)
