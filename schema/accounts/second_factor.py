"""The second factor, as clients see it."""

from datetime import datetime

import strawberry

import documents.accounts.second_factor as stored
import documents.accounts.user as users
from access.permissions import Permission
from resolvers.accounts import second_factor
from resolvers.accounts.second_factor import Enrolment, RecoveryCodes
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload
from schema.guarding.rules import needs

Info = strawberry.Info[Context, None]
_CODE = "Six digits of the authenticator app, or a recovery code, which is used up."


@strawberry.type(description="The second factor of an account: codes of an authenticator app (TOTP).")
class SecondFactor:
    """Read from `documents.accounts.second_factor.SecondFactor`."""

    confirmed_at: datetime = strawberry.field(description="Since when it is asked for.")

    @strawberry.field(graphql_type=int, description="Recovery codes that are left, 0 to 10.")
    def recovery_codes_left(self, root: strawberry.Parent[stored.SecondFactor]) -> int:
        """How many are left."""
        return len(root.recovery_hashes)


@strawberry.type
class SecondFactorFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=SecondFactor | None,
        description="The second factor; null without one, and for anybody but oneself.",
    )
    def second_factor(self, root: strawberry.Parent[users.User], info: Info) -> stored.SecondFactor | None:
        """The viewer's own."""
        viewer = info.context.viewer
        is_own = viewer is not None and viewer.user_id == root.id
        return root.totp if is_own and root.has_second_factor else None


@strawberry.input(description="The wish for a second factor.")
class StartSecondFactorInput:
    """Unpacked by `SecondFactorMutations.start_second_factor`."""

    password: str | None = strawberry.field(
        default=None,
        description="Of the account. One without a password needs a sign-in of the last 10 minutes instead.",
    )


@strawberry.input(description="The proof that the app has the secret.")
class ConfirmSecondFactorInput:
    """Unpacked by `SecondFactorMutations.confirm_second_factor`."""

    code: str = strawberry.field(description="Six digits that the authenticator app shows.")


@strawberry.input(description="The second factor to take away.")
class RemoveSecondFactorInput:
    """Unpacked by `SecondFactorMutations.remove_second_factor`."""

    code: str = strawberry.field(description=_CODE)


@strawberry.input(description="The wish for new recovery codes.")
class RenewRecoveryCodesInput:
    """Unpacked by `SecondFactorMutations.renew_recovery_codes`."""

    code: str = strawberry.field(description=_CODE)


@strawberry.type(description="What came of starting a second factor.")
class StartSecondFactorPayload(Payload):
    """Over `Outcome[Enrolment]`."""

    @strawberry.field(
        graphql_type=str | None,
        description="The secret in base32, for the app. Shown this once; null if it was refused.",
    )
    def secret(self, root: strawberry.Parent[Outcome[Enrolment]]) -> str | None:
        """The secret."""
        return None if root.result is None else root.result.secret

    @strawberry.field(
        graphql_type=str | None,
        description="The same as `otpauth://…`, to be shown as a QR code. Do not store it.",
    )
    def uri(self, root: strawberry.Parent[Outcome[Enrolment]]) -> str | None:
        """The secret for a QR code."""
        return None if root.result is None else root.result.uri


@strawberry.type
class _RecoveryCodesPayload(Payload):
    """What the payloads that show recovery codes share."""

    @strawberry.field(
        graphql_type=SecondFactor | None, description="The second factor; null if it was refused."
    )
    def second_factor(self, root: strawberry.Parent[Outcome[RecoveryCodes]]) -> stored.SecondFactor | None:
        """The factor."""
        return None if root.result is None else root.result.user.totp

    @strawberry.field(
        graphql_type=list[str] | None,
        description="Ten codes, each good for one sign-in without the app. Shown this once: have them "
        "printed or kept. Null if it was refused.",
    )
    def recovery_codes(self, root: strawberry.Parent[Outcome[RecoveryCodes]]) -> list[str] | None:
        """The codes."""
        return None if root.result is None else root.result.codes


@strawberry.type(description="What came of confirming the second factor.")
class ConfirmSecondFactorPayload(_RecoveryCodesPayload):
    """Over `Outcome[RecoveryCodes]`."""


@strawberry.type(description="What came of renewing the recovery codes.")
class RenewRecoveryCodesPayload(_RecoveryCodesPayload):
    """Over `Outcome[RecoveryCodes]`."""


@strawberry.type(description="What came of taking the second factor away.")
class RemoveSecondFactorPayload(Payload):
    """Over `Outcome[User]`."""

    @strawberry.field(graphql_type=bool, description="Whether signing in takes no second factor from now on.")
    def is_removed(self, root: strawberry.Parent[Outcome[users.User]]) -> bool:
        """Whether it is gone."""
        return root.result is not None


@strawberry.type
class SecondFactorMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=StartSecondFactorPayload,
        description="Get a secret for an authenticator app (TOTP: SHA-1, 6 digits, 30 seconds). It counts "
        "once `confirmSecondFactor` proved that the app has it, within 15 minutes. `TAKEN`: there is one "
        "already. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def start_second_factor(self, info: Info, input: StartSecondFactorInput) -> Outcome[Enrolment]:
        """Show a secret."""
        return await second_factor.start(info.context, password=input.password)

    @strawberry.mutation(
        graphql_type=ConfirmSecondFactorPayload,
        description="Let signing in take the app's codes from now on. `INVALID`: the code is none of the "
        "secret that was shown last. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def confirm_second_factor(
        self, info: Info, input: ConfirmSecondFactorInput
    ) -> Outcome[RecoveryCodes]:
        """Turn it on."""
        return await second_factor.confirm(info.context, code=input.code)

    @strawberry.mutation(
        graphql_type=RenewRecoveryCodesPayload,
        description="Get new recovery codes; all earlier ones are void. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def renew_recovery_codes(
        self, info: Info, input: RenewRecoveryCodesInput
    ) -> Outcome[RecoveryCodes]:
        """New codes."""
        return await second_factor.renew_recovery_codes(info.context, code=input.code)

    @strawberry.mutation(
        graphql_type=RemoveSecondFactorPayload,
        description="Let signing in take the password alone again. A company that demands a second factor "
        "is closed until there is one again. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def remove_second_factor(self, info: Info, input: RemoveSecondFactorInput) -> Outcome[users.User]:
        """Turn it off."""
        return await second_factor.remove(info.context, code=input.code)
