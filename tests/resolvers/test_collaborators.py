"""Sharing a project with people: who gets in, as what, and what ends it."""

import asyncio
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER
from access.errors import Forbidden, NotFound
from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from documents.invitation import InvitationState
from documents.jobs.job import Job, JobKind
from documents.projects.project import Collaborator, Project
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.project_role import ProjectRole
from documents.projects.project_sharing import MOST_PEOPLE
from resolvers.context import Context
from resolvers.live import events
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects import collaborators, project_invitations
from resolvers.projects.collaborators import FormerOwner
from tests.people import make_user
from tests.studio import Studio, make_project


async def made(studio: Studio) -> tuple[Context, Project]:
    owner = await studio.context_of((await make_user("Olga")).id)
    return owner, await make_project(owner)


async def now(project: Project) -> Project:
    found = await Project.get(project.id)
    assert found is not None
    return found


async def person(studio: Studio, name: str = "Ana", **values: Any) -> tuple[User, Context]:
    user = await make_user(name, **values)
    return user, await studio.context_of(user.id)


def codes(outcome: Outcome[Any]) -> list[tuple[UserErrorCode, str | None]]:
    return [(each.code, each.field) for each in outcome.user_errors]


async def mails(about: Project) -> list[dict[str, Any]]:
    found = await Job.find({"kind": JobKind.MAIL, "owner_id": about.owner_id}).sort("_id").to_list()
    return [job.payload for job in found]


async def actions(project: Project) -> list[AuditAction]:
    return [each.action for each in await AuditEntry.find({"project_id": project.id}).sort("_id").to_list()]


async def test_a_verified_account_is_a_collaborator_at_once_and_told(studio: Studio) -> None:
    owner, project = await made(studio)
    user, context = await person(studio, locale="pt")
    outcome = await collaborators.add(owner, project.id, email=user.email.upper(), role=ProjectRole.COMMENTER)
    assert outcome.result is not None
    assert outcome.result.invitation is None
    assert (await now(project)).collaborators == [Collaborator(user_id=user.id, role=ProjectRole.COMMENTER)]
    await context.projects.check(project.id, Permission.PROJECT_COMMENT)
    with pytest.raises(Forbidden):
        await context.projects.check(project.id, Permission.PROJECT_EDIT)
    (mail,) = await mails(project)
    assert (mail["template"], mail["to"], mail["locale"]) == ("PROJECT_SHARED", user.email, "pt")
    assert await actions(project) == [AuditAction.COLLABORATOR_ADDED]


async def test_an_unverified_account_gets_an_invitation_instead(studio: Studio) -> None:
    owner, project = await made(studio)
    user, context = await person(studio, email_verified_at=None)
    outcome = await collaborators.add(owner, project.id, email=user.email, role=ProjectRole.EDITOR)
    assert outcome.result is not None
    assert outcome.result.invitation is not None
    assert (await now(project)).collaborators == []
    with pytest.raises(NotFound):
        await context.projects.check(project.id, Permission.PROJECT_VIEW)
    (mail,) = await mails(project)
    assert (mail["template"], mail["to"]) == ("PROJECT_INVITATION", user.email)


async def invited(studio: Studio, owner: Context, project: Project, address: str) -> str:
    outcome = await collaborators.add(owner, project.id, email=address, role=ProjectRole.EDITOR)
    assert outcome.result is not None
    assert outcome.result.invitation is not None
    return studio.services.mail_tokens.token(LinkPurpose.PROJECT_INVITATION, outcome.result.invitation.id)


async def test_an_invitation_is_accepted_once_and_by_the_account_of_its_address_alone(
    studio: Studio,
) -> None:
    owner, project = await made(studio)
    user, context = await person(studio, email_verified_at=None)
    _, thief = await person(studio, "Eve")
    token = await invited(studio, owner, project, user.email)
    letter = await project_invitations.by_token(context, token)
    assert (letter.project, letter.inviter.name, letter.state) == ("Bees", "Olga", InvitationState.OPEN)
    assert codes(await project_invitations.accept(thief, token)) == [(UserErrorCode.INVALID, "input.token")]
    assert (await now(project)).collaborators == []
    outcomes = await asyncio.gather(*(project_invitations.accept(context, token) for _ in range(3)))
    assert sum(each.result is not None for each in outcomes) == 1
    assert (await now(project)).collaborators == [Collaborator(user_id=user.id, role=ProjectRole.EDITOR)]
    with pytest.raises(NotFound):
        await project_invitations.by_token(context, token[:-4] + "AAAA")


@pytest.mark.parametrize("end", ["revoked", "declined", "expired", "sender may not share"])
async def test_an_invitation_that_is_over_lets_nobody_in(studio: Studio, end: str) -> None:
    owner, project = await made(studio)
    user, context = await person(studio, email_verified_at=None)
    token = await invited(studio, owner, project, user.email)
    (invitation,) = await project_invitations.of_project(owner, project.id)
    if end == "revoked":
        await project_invitations.revoke(owner, invitation.id)
    elif end == "declined":
        await project_invitations.decline(context, token)
    elif end == "expired":
        change = {"$set": {"expires_at": invitation.created_at}}
        await ProjectInvitation.get_pymongo_collection().update_one({"_id": invitation.id}, change)
    else:
        heir, _ = await person(studio, "Heir")
        await collaborators.add(owner, project.id, email=heir.email, role=ProjectRole.EDITOR)
        await collaborators.transfer(owner, project.id, heir.id, former=FormerOwner.LEAVES)
    assert codes(await project_invitations.accept(context, token)) == [(UserErrorCode.INVALID, "input.token")]
    assert all(each.user_id != user.id for each in (await now(project)).collaborators)
    assert end == "sender may not share" or await project_invitations.of_project(owner, project.id) == []


async def test_nobody_is_added_or_invited_twice(studio: Studio) -> None:
    owner, project = await made(studio)
    user, _ = await person(studio)
    add = collaborators.add
    results = await asyncio.gather(
        *(add(owner, project.id, email=user.email, role=ProjectRole.VIEWER) for _ in range(3)),
        *(add(owner, project.id, email="new@example.org", role=ProjectRole.VIEWER) for _ in range(3)),
    )
    assert [len(codes(each)) for each in results].count(0) == 2
    assert {each.code for result in results for each in result.user_errors} == {UserErrorCode.TAKEN}
    assert len((await now(project)).collaborators) == 1
    assert len(await project_invitations.of_project(owner, project.id)) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"role": ProjectRole.OWNER}, (UserErrorCode.INVALID, "input.role")),
        ({"email": "nobody"}, (UserErrorCode.INVALID, "input.email")),
        ({"email": "p\u0430ul@example.com"}, (UserErrorCode.INVALID, "input.email")),
        ({"email": "\ud800@example.com"}, (UserErrorCode.INVALID, "input.email")),
        ({"email": "a@b.example" * 600}, (UserErrorCode.INVALID, "input.email")),
    ],
)
async def test_bad_values_share_with_nobody(
    studio: Studio, values: dict[str, Any], expected: tuple[UserErrorCode, str]
) -> None:
    owner, project = await made(studio)
    given: dict[str, Any] = {"email": "new@example.org", "role": ProjectRole.VIEWER} | values
    assert codes(await collaborators.add(owner, project.id, **given)) == [expected]
    assert await actions(project) == []


async def test_the_owner_is_no_collaborator_of_the_own_project(studio: Studio) -> None:
    owner, project = await made(studio)
    user = await User.get(project.owner_id)
    assert user is not None
    outcome = await collaborators.add(owner, project.id, email=user.email, role=ProjectRole.VIEWER)
    assert codes(outcome) == [(UserErrorCode.TAKEN, "input.email")]


async def test_a_project_is_shared_with_so_many_and_no_more(studio: Studio) -> None:
    owner, project = await made(studio)
    crowd = [{"user_id": PydanticObjectId(), "role": "VIEWER"} for _ in range(MOST_PEOPLE - 1)]
    await Project.get_pymongo_collection().update_one({"_id": project.id}, {"$set": {"collaborators": crowd}})
    results = await asyncio.gather(
        *(
            collaborators.add(owner, project.id, email=f"{n}@example.org", role=ProjectRole.VIEWER)
            for n in range(3)
        )
    )
    assert sorted(len(codes(each)) for each in results) == [0, 1, 1]


async def shared(
    studio: Studio, owner: Context, project: Project, role: ProjectRole = ProjectRole.EDITOR
) -> tuple[User, Context]:
    user, context = await person(studio)
    outcome = await collaborators.add(owner, project.id, email=user.email, role=role)
    assert outcome.result is not None
    return user, context


async def test_a_role_that_shrinks_counts_from_the_next_request_on(studio: Studio) -> None:
    owner, project = await made(studio)
    user, context = await shared(studio, owner, project)
    await context.projects.check(project.id, Permission.PROJECT_EDIT)
    await collaborators.change_role(owner, project.id, user.id, role=ProjectRole.VIEWER)
    with pytest.raises(Forbidden):
        await context.projects.check(project.id, Permission.PROJECT_EDIT)
    with pytest.raises(NotFound):
        await collaborators.change_role(owner, project.id, PydanticObjectId(), role=ProjectRole.VIEWER)


@pytest.mark.parametrize("how", ["removed", "left"])
async def test_who_is_removed_or_leaves_sees_nothing_more_and_streams_end_at_once(
    studio: Studio, how: str
) -> None:
    owner, project = await made(studio)
    user, context = await shared(studio, owner, project)
    stream = events.of_project(context, project.id, after=None, recheck_s=60)
    following = asyncio.ensure_future(_all(stream))
    await asyncio.sleep(0.2)
    if how == "removed":
        await collaborators.remove(owner, project.id, user.id)
    else:
        await collaborators.leave(context, project.id)
    with pytest.raises(NotFound):
        await asyncio.wait_for(following, 5)
    with pytest.raises(NotFound):
        await context.projects.check(project.id, Permission.PROJECT_VIEW)
    assert (await actions(project))[-1] is AuditAction.COLLABORATOR_REMOVED


async def _all(stream: Any) -> None:
    async for _ in stream:
        pass


async def test_the_owner_cannot_leave(studio: Studio) -> None:
    owner, project = await made(studio)
    assert codes(await collaborators.leave(owner, project.id)) == [(UserErrorCode.INVALID, "input.projectId")]


@pytest.mark.parametrize("former", FormerOwner)
async def test_a_project_is_its_new_owners_at_once(studio: Studio, former: FormerOwner) -> None:
    owner, project = await made(studio)
    user, context = await shared(studio, owner, project, ProjectRole.VIEWER)
    await collaborators.transfer(owner, project.id, user.id, former=former)
    changed = await now(project)
    assert changed.owner_id == user.id
    await context.projects.check(project.id, Permission.PROJECT_DELETE)
    stays = former is FormerOwner.STAYS_EDITOR
    assert [each.user_id for each in changed.collaborators] == ([project.owner_id] if stays else [])
    with pytest.raises(Forbidden if stays else NotFound):
        await collaborators.transfer(owner, project.id, project.owner_id, former=former)


async def test_a_project_goes_to_nobody_who_has_nothing_to_do_with_it(studio: Studio) -> None:
    owner, project = await made(studio)
    stranger, _ = await person(studio)
    suspended, _ = await shared(studio, owner, project)
    await User.set_suspended(suspended.id, is_suspended=True, now=studio.services.now())
    for user_id in (stranger.id, suspended.id, PydanticObjectId(), project.owner_id):
        outcome = await collaborators.transfer(owner, project.id, user_id, former=FormerOwner.LEAVES)
        assert codes(outcome) == [(UserErrorCode.INVALID, "input.userId")]
    assert (await now(project)).owner_id == project.owner_id


async def test_two_transfers_at_once_leave_one_owner_and_lose_nobody(studio: Studio) -> None:
    owner, project = await made(studio)
    first, _ = await shared(studio, owner, project)
    second, _ = await shared(studio, owner, project)
    results = await asyncio.gather(
        *(
            collaborators.transfer(owner, project.id, each.id, former=FormerOwner.STAYS_EDITOR)
            for each in (first, second)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in results) == ["Forbidden", "Outcome"]
    changed = await now(project)
    people = {changed.owner_id, *(each.user_id for each in changed.collaborators)}
    assert people == {project.owner_id, first.id, second.id}


async def test_a_company_project_goes_to_a_member_and_an_administrator_may_give_it(studio: Studio) -> None:
    at = studio.services.now()
    company = await Company(
        name="Bees Ltd", created_by=PydanticObjectId(), created_at=at, updated_at=at
    ).insert()
    owner, project = await made(studio)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {"company_id": company.id}}
    )
    member, _ = await person(studio, "Mia", company_id=company.id, role_id=MEMBER.id)
    _, admin = await person(studio, "Adam", company_id=company.id, role_id=ADMIN.id)
    await collaborators.transfer(admin, project.id, member.id, former=FormerOwner.LEAVES)
    changed = await now(project)
    assert (changed.owner_id, changed.company_id) == (member.id, company.id)
    with pytest.raises(NotFound):
        await owner.projects.check(project.id, Permission.PROJECT_VIEW)


async def test_only_those_who_share_see_addresses_and_guests_see_nobody(studio: Studio) -> None:
    owner, project = await made(studio)
    user, context = await shared(studio, owner, project)
    changed = await now(project)
    (seen,) = await collaborators.of_project(owner, changed)
    assert (seen.person.name, seen.person.email) == ("Ana", user.email)
    (seen,) = await collaborators.of_project(context, changed)
    assert (seen.person.name, seen.person.email) == ("Ana", None)


@pytest.mark.parametrize("role", [ProjectRole.EDITOR, ProjectRole.COMMENTER, ProjectRole.VIEWER, None])
async def test_nobody_but_the_owner_shares_or_gives_away(studio: Studio, role: ProjectRole | None) -> None:
    owner, project = await made(studio)
    user, context = await person(studio) if role is None else await shared(studio, owner, project, role)
    refusal = NotFound if role is None else Forbidden
    before = await Project.get_pymongo_collection().find_one({"_id": project.id})
    for attempt in (
        collaborators.add(context, project.id, email="new@example.org", role=ProjectRole.VIEWER),
        collaborators.change_role(context, project.id, user.id, role=ProjectRole.EDITOR),
        collaborators.remove(context, project.id, user.id),
        collaborators.transfer(context, project.id, user.id, former=FormerOwner.LEAVES),
        project_invitations.of_project(context, project.id),
    ):
        with pytest.raises(refusal):
            await attempt
    assert await Project.get_pymongo_collection().find_one({"_id": project.id}) == before
