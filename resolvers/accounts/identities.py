"""Ways in through providers: signing in and up with what a provider vouched for, linking and unlinking."""

from typing import Any, Final

from beanie import PydanticObjectId

from access.email_addresses import EmailAddress, masked
from access.errors import Forbidden, NotFound
from access.identity_providers import IdentityProvider
from access.permissions import Permission
from access.proof_codes import challenge_of, code_hash
from documents.accounts import identity_changes
from documents.accounts.identity import Identity
from documents.accounts.identity_proof import IdentityProof
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.account_texts import email_address, language_tag, person_name
from resolvers.accounts.first_factor import Challenged, proceed
from resolvers.accounts.reauthentication import own_account, proof_fault
from resolvers.accounts.sessions import SignedIn, known_here, open_within
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

_UNVERIFIED: Final = (
    "The provider does not know that you read mail at your address. Have it verified there, or sign up with "
    "a password and link the provider afterwards."
)


def providers(context: Context) -> list[IdentityProvider]:
    """Those that the operator named, in that order."""
    return list(context.services.identity_providers.values())


def of_user(context: Context, user: User) -> list[Identity] | None:
    """The viewer's own identities; None for anybody else's."""
    viewer = context.viewer
    if viewer is None or viewer.user_id != user.id or not viewer.is_in_scope(Permission.ACCOUNT_MANAGE):
        return None
    return user.identities


async def exchange(
    context: Context, *, code: str, verifier: str, password: str | None
) -> Outcome[SignedIn | Challenged]:
    """Sign in whom a provider vouched for; somebody new gets an account.

    An address proves nothing about an account that exists: linking the two takes its password as well, or
    `link` by somebody who is signed in to it.

    Raises:
        RateLimited: too many tries from this IP address or for this account.
        Forbidden: the account is suspended.
    """
    await context.services.rate_limits.count_arrival(context.remote_address)
    proof = await _proof(context, code, verifier)
    if proof is None:
        return _over()
    user = await identity_changes.with_identity(proof.key)
    if user is not None:
        return await _sign_in(context, proof, user)
    return await _arrive(context, proof, password)


async def _arrive(
    context: Context, proof: IdentityProof, password: str | None
) -> Outcome[SignedIn | Challenged]:
    """Go on with somebody whose identity opens no account yet."""
    if proof.email is None or not proof.is_email_verified:
        return Outcome.refused(UserErrorCode.INVALID, _UNVERIFIED)
    faults: list[UserError] = []
    address = email_address(proof.email, faults)
    if address is None:
        return Outcome(user_errors=[UserError(UserErrorCode.INVALID, None, faults[0].message)])
    user = await User.with_email_key(address.key)
    if user is None:
        return await _sign_up(context, proof, address)
    if password is None:
        return _taken(proof)
    return await _link_with_password(context, proof, user, password)


async def link(context: Context, *, code: str, verifier: str, password: str | None) -> Outcome[User]:
    """Let what a provider vouched for open the viewer's account from now on."""
    user = await own_account(context)
    proof = await _proof(context, code, verifier)
    if proof is None:
        return _over()
    fault = await proof_fault(context, user, password)
    if fault is not None:
        return Outcome(user_errors=[fault])

    async def act(acting: AccountAct) -> Outcome[User]:
        refusal = await _use_and_link(acting, proof, user)
        return refusal or Outcome(user)

    return await _as_it_is_now(await act_on_account(context, act))


async def unlink(context: Context, identity_id: PydanticObjectId, *, password: str | None) -> Outcome[User]:
    """Take an identity away from the viewer's account, unless it is the last way in.

    Raises:
        NotFound: the viewer has no such identity.
    """
    user = await own_account(context)
    identity = next((each for each in user.identities if each.id == identity_id), None)
    if identity is None:
        raise NotFound("Identity")
    fault = await proof_fault(context, user, password)
    if fault is not None:
        return Outcome(user_errors=[fault])

    async def act(acting: AccountAct) -> Outcome[User]:
        if not await identity_changes.unlink(user.id, identity_id, now=acting.now, session=acting.session):
            text = "This is the last way into the account: set a password or link another provider first."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.identityId")
        await acting.record(AuditAction.IDENTITY_UNLINKED, user.id, provider=identity.provider)
        return Outcome(user)

    return await _as_it_is_now(await act_on_account(context, act))


async def _sign_in(context: Context, proof: IdentityProof, user: User) -> Outcome[SignedIn | Challenged]:
    if user.is_suspended:
        raise Forbidden("This account is suspended.")

    async def use(acting: AccountAct) -> Outcome[SignedIn | None]:
        if not await proof.use(session=acting.session):
            return _over()
        if user.has_second_factor or user.deleted_at is not None:
            return Outcome(None)
        return Outcome(SignedIn(user, await open_within(acting, user, way=proof.provider)))

    outcome = await act_on_account(context, use)
    if outcome.user_errors:
        return Outcome(user_errors=outcome.user_errors)
    if outcome.result is not None:
        await known_here(context, user)
        return Outcome(outcome.result)
    return await proceed(context, user, way=proof.provider)


async def _sign_up(
    context: Context, proof: IdentityProof, address: EmailAddress
) -> Outcome[SignedIn | Challenged]:
    faults: list[UserError] = []
    name, locale = person_name(proof.name, faults), language_tag(proof.locale, faults)
    wrong = {fault.field for fault in faults}
    if "input.name" in wrong:  # what a provider says is no reason to keep somebody out
        name = address.typed.rpartition("@")[0]
    if "input.locale" in wrong:
        locale = "en"

    async def act(acting: AccountAct) -> Outcome[SignedIn | Challenged]:
        user = await User.register(
            email=address.typed,
            email_key=address.key,
            name=name,
            locale=locale,
            password_hash=None,
            email_verified_at=acting.now,
            now=acting.now,
            session=acting.session,
        )
        if user is None:
            return _taken(proof)
        await acting.record(AuditAction.SIGNED_UP, user.id)
        refusal = await _use_and_link(acting, proof, user)
        return refusal or Outcome(SignedIn(user, await open_within(acting, user, way=proof.provider)))

    outcome = await act_on_account(context, act)
    if isinstance(outcome.result, SignedIn):
        await known_here(context, outcome.result.user)
    return outcome


async def _link_with_password(
    context: Context, proof: IdentityProof, user: User, password: str
) -> Outcome[SignedIn | Challenged]:
    services = context.services
    is_known = await services.lock_out.check(user.email_key, context.remote_address)
    await services.rate_limits.count_sign_in(context.remote_address, user.email_key, is_known=is_known)
    if not await services.passwords.verify(user.password_hash, password):
        await services.lock_out.failed(user.email_key, context.remote_address)
        text = "This is not the password of the account with your address."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.password")
    if user.is_suspended:
        raise Forbidden("This account is suspended.")
    if user.has_second_factor or user.deleted_at is not None:
        text = "This account asks for more than a password: sign in to it first and link the provider then."
        return Outcome.refused(UserErrorCode.TAKEN, text)

    async def act(acting: AccountAct) -> Outcome[SignedIn | Challenged]:
        refusal = await _use_and_link(acting, proof, user)
        return refusal or Outcome(SignedIn(user, await open_within(acting, user, way=proof.provider)))

    outcome = await act_on_account(context, act)
    if outcome.result is not None:
        await known_here(context, user)
    return outcome


async def _use_and_link(acting: AccountAct, proof: IdentityProof, user: User) -> Outcome[Any] | None:
    """Use a proof up for good; what is wrong with that, or None."""
    if not await proof.use(session=acting.session):
        return _over()
    identity = Identity(key=proof.key, provider=proof.provider, email=proof.email or "", linked_at=acting.now)
    if not await identity_changes.link(user.id, identity, now=acting.now, session=acting.session):
        text = "This account of the provider opens an account already, or yours has 20 such ways in."
        return Outcome.refused(UserErrorCode.TAKEN, text, at="input.code")
    await acting.record(
        AuditAction.IDENTITY_LINKED, user.id, provider=proof.provider, email=masked(identity.email)
    )
    return None


async def _proof(context: Context, code: str, verifier: str) -> IdentityProof | None:
    return await IdentityProof.open_one(
        code_hash(code), challenge=challenge_of(verifier), now=context.services.now()
    )


async def _as_it_is_now(outcome: Outcome[User]) -> Outcome[User]:
    if outcome.result is None:
        return outcome
    return Outcome(await User.get(outcome.result.id))


def _over() -> Outcome[Any]:
    text = "This sign-in is over: it was used, took more than 5 minutes, or began elsewhere. Begin again."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.code")


def _taken(proof: IdentityProof) -> Outcome[Any]:
    text = (
        f"There is an account with the address {proof.email}: give its password to link the two, or sign in "
        "to it and link them there."
    )
    return Outcome.refused(UserErrorCode.TAKEN, text, at="input.password")
