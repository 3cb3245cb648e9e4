"""Changing the own profile."""

import strawberry

import documents.accounts.user as stored
from access.permissions import Permission
from resolvers.accounts import profile
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.accounts.accounts import User
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.inputs import given

Info = strawberry.Info[Context, None]


@strawberry.input(description="What to change of the own profile; what is left out stays.")
class UpdateProfileInput:
    """Unpacked by `ProfileMutations.update_profile`."""

    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Name that others see: one line, 1 to 200 characters."
    )
    locale: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Language tag (BCP 47) in which the person is addressed, such as `pt-BR`; of mails too.",
    )


@strawberry.type(description="What came of changing the profile.")
class UpdateProfilePayload(Payload):
    """Over `Outcome[User]`."""

    user = result_field(User, "The account as it is now; null if the change was refused.")


@strawberry.type
class ProfileMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateProfilePayload,
        description="Change the viewer's name or language. `INVALID`: a value breaks a rule.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> Outcome[stored.User]:
        """Set fields of the viewer's account."""
        return await profile.update(info.context, given(input))
