"""New passwords."""

import strawberry

from access.permissions import Permission
from resolvers.accounts import password_changes
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs

Info = strawberry.Info[Context, None]

_RULE = "10 to 256 characters; not the address and none of the commonest. Any characters will do."


@strawberry.input(description="A new password instead of the current one.")
class ChangePasswordInput:
    """Unpacked by `PasswordMutations.change_password`."""

    current_password: str | None = strawberry.field(
        default=None,
        description="The account's password until now; null for an account without one, which gets its first "
        "within ten minutes of signing in.",
    )
    new_password: str = strawberry.field(description=f"The one from now on: {_RULE}")


@strawberry.input(description="The address of an account whose password is forgotten.")
class RequestPasswordResetInput:
    """Unpacked by `PasswordMutations.request_password_reset`."""

    email: str = strawberry.field(
        description="E-mail address of the account. Letter case makes no difference."
    )


@strawberry.input(description="A new password, with a link.")
class ResetPasswordInput:
    """Unpacked by `PasswordMutations.reset_password`."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")
    password: str = strawberry.field(description=_RULE)


@strawberry.type(description="What came of changing the password.")
class ChangePasswordPayload(Payload):
    """Over `Outcome[int]`."""

    ended_sessions = result_field(
        int, "How many other sessions were open and are ended now; null if the change was refused."
    )


@strawberry.type(description="What came of asking for a new password.")
class RequestPasswordResetPayload(Payload):
    """Over `Outcome[bool]`."""

    is_accepted = result_field(
        bool,
        "True, whether or not there is an account with this address; null if the address is malformed.",
    )


@strawberry.type(description="What came of setting a new password.")
class ResetPasswordPayload(Payload):
    """Over `Outcome[bool]`."""

    is_reset = result_field(bool, "True if the password is the new one; null if it was refused.")


@strawberry.type
class PasswordMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ChangePasswordPayload,
        description="Change the viewer's password and end all other sessions. `INVALID`: the current one is "
        "wrong, or the new one breaks a rule. Limited per user.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def change_password(self, info: Info, input: ChangePasswordInput) -> Outcome[int]:
        """Change the password."""
        return await password_changes.change(
            info.context, current=input.current_password, new=input.new_password
        )

    @strawberry.mutation(
        graphql_type=RequestPasswordResetPayload,
        description="Send a mail with a link to whoever has an account under an address; the answer does not "
        "tell whether anybody has. The link is good once and for an hour. Limited per address.",
        metadata=OPEN,
    )
    async def request_password_reset(self, info: Info, input: RequestPasswordResetInput) -> Outcome[bool]:
        """Send a link if there is an account."""
        return await password_changes.request_reset(info.context, email=input.email)

    @strawberry.mutation(
        graphql_type=ResetPasswordPayload,
        description="Set a new password with the link that came by mail. All sessions of the account end; "
        "then sign in. `INVALID`: the link is not good any more, or the password breaks a rule.",
        metadata=OPEN,
    )
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> Outcome[bool]:
        """Set a new password."""
        return await password_changes.reset(info.context, token=input.token, password=input.password)
