"""Review links: who comes in by one, for how long, and what ends it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound, Unauthenticated
from access.guest_tokens import GuestClaims, GuestTokens
from access.permissions import Permission
from access.tokens import AccessTokens
from documents.audit_entry import AuditAction, AuditEntry
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.projects.review_link import ReviewLink
from resolvers.context import Context
from resolvers.live import events
from resolvers.outcome import UserErrorCode
from resolvers.projects import review_links
from resolvers.projects.review_links import OpenedLink, ReviewAccess
from tests.people import make_user
from tests.studio import Studio, make_project
from web.sign_in import sign_in


async def make_link(owner: Context, project: Project, **values: Any) -> ReviewLink:
    given: dict[str, Any] = {
        "name": "",
        "access": ReviewAccess.COMMENT,
        "password": None,
        "expires_at": None,
    }
    outcome = await review_links.create(owner, project.id, **(given | values))
    assert outcome.result is not None, outcome.user_errors
    return outcome.result


def nobody(studio: Studio, address: str = "192.0.2.9") -> Context:
    return replace(studio.context(), viewer=None, remote_address=address)


async def come_by(
    studio: Studio, link: ReviewLink, *, password: str | None = None, by: Context | None = None
) -> OpenedLink:
    context = by or nobody(studio)
    token = review_links.token(context, link)
    outcome = await review_links.open_link(context, link_token=token, password=password, name="Ana")
    assert outcome.result is not None, outcome.user_errors
    return outcome.result


async def guest(studio: Studio, opened: OpenedLink) -> Context:
    context = nobody(studio)
    await sign_in(context, opened.token)
    return context


async def made(studio: Studio) -> tuple[Context, Project]:
    user = await make_user()
    owner = await studio.context_of(user.id)
    return owner, await make_project(owner, frames=[])


async def test_a_guest_sees_the_project_of_the_link_and_no_other(studio: Studio) -> None:
    owner, project = await made(studio)
    other = await make_project(owner)
    opened = await come_by(studio, await make_link(owner, project, access=ReviewAccess.VIEW))
    context = await guest(studio, opened)
    assert opened.project_id == project.id
    assert (await context.projects.load(project.id, Permission.PROJECT_VIEW)).id == project.id
    with pytest.raises(Forbidden):
        await context.projects.check(project.id, Permission.PROJECT_COMMENT)
    with pytest.raises(NotFound):
        await context.projects.check(other.id, Permission.PROJECT_VIEW)
    with pytest.raises(Unauthenticated):
        context.require_viewer()


async def test_revoking_shuts_guests_out_with_their_next_request_and_is_written_down(studio: Studio) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project)
    opened = await come_by(studio, link)
    ended = await review_links.revoke(owner, link.id)
    assert ended.result is not None
    assert ended.result.revoked_at is not None
    with pytest.raises(Unauthenticated):
        await guest(studio, opened)
    token = review_links.token(owner, link)
    again = await review_links.open_link(nobody(studio), link_token=token, password=None, name="Ana")
    assert [each.field for each in again.user_errors] == ["input.token"]
    assert await review_links.of_project(owner, project.id) == []
    actions = [entry.action for entry in await AuditEntry.find({"target_id": link.id}).sort("at").to_list()]
    assert actions == [AuditAction.REVIEW_LINK_CREATED, AuditAction.REVIEW_LINK_REVOKED]
    once_more = await review_links.revoke(owner, link.id)
    assert once_more.user_errors == ()
    assert await AuditEntry.find({"target_id": link.id}).count() == 2


async def _last(stream: AsyncIterator[Any], following: Awaitable[Any]) -> None:
    await following
    async for _ in stream:
        pass


async def test_revoking_ends_an_open_stream_at_once(studio: Studio) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project)
    opened = await come_by(studio, link)
    context = await guest(studio, opened)
    stream = events.of_project(context, project.id, after=None, recheck_s=60)
    following = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.2)
    await review_links.revoke(owner, link.id)
    with pytest.raises(Unauthenticated):
        await asyncio.wait_for(_last(stream, following), 5)


@pytest.mark.parametrize("gone", ["expired", "deleted"])
async def test_an_expired_link_or_one_of_a_deleted_project_opens_nothing(studio: Studio, gone: str) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project, expires_at=owner.services.now() + timedelta(hours=1))
    opened = await come_by(studio, link)
    if gone == "expired":
        change = {"$set": {"expires_at": owner.services.now() - timedelta(seconds=1)}}
        await ReviewLink.get_pymongo_collection().update_one({"_id": link.id}, change)
    else:
        change = {"$set": {"deleted_at": owner.services.now()}}
        await Project.get_pymongo_collection().update_one({"_id": project.id}, change)
    with pytest.raises(Unauthenticated):
        await guest(studio, opened)
    token = review_links.token(owner, link)
    again = await review_links.open_link(nobody(studio), link_token=token, password=None, name="Ana")
    assert [each.field for each in again.user_errors] == ["input.token"]


async def test_a_link_with_a_password_opens_with_it_alone(studio: Studio) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project, password="crème brûlée")
    assert link.password_hash is not None
    assert "crème" not in link.password_hash
    token = review_links.token(owner, link)
    for wrong in (None, "", "creme brulee", "crème brûlée ", "\ud800"):
        outcome = await review_links.open_link(nobody(studio), link_token=token, password=wrong, name="Ana")
        assert [each.field for each in outcome.user_errors] == ["input.password"]
    opened = await come_by(studio, link, password="cre\u0300me bru\u0302le\u0301e")  # composed or not
    assert opened.role is ProjectRole.COMMENTER


async def test_a_guest_who_renews_in_time_stays_the_same_person_and_needs_no_password(studio: Studio) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project, password="a long secret")
    context = await guest(studio, await come_by(studio, link, password="a long secret"))
    again = await guest(studio, await come_by(studio, link, by=context))
    assert context.guest is not None
    assert again.guest == context.guest
    stranger = await guest(studio, await come_by(studio, link, password="a long secret"))
    assert stranger.guest is not None
    assert stranger.guest.guest_id != context.guest.guest_id


async def test_a_guest_of_one_link_needs_the_password_of_another(studio: Studio) -> None:
    owner, project = await made(studio)
    plain = await guest(studio, await come_by(studio, await make_link(owner, project)))
    locked = await make_link(owner, project, password="a long secret")
    token = review_links.token(owner, locked)
    outcome = await review_links.open_link(plain, link_token=token, password=None, name="Ana")
    assert [each.field for each in outcome.user_errors] == ["input.password"]


@pytest.mark.parametrize(
    "values",
    [
        {"password": "short"},
        {"password": "x" * 257},
        {"password": "tab\tin the middle"},
        {"password": "\ud800 is half a character"},
        {"name": "two\nlines"},
        {"name": "x" * 201},
    ],
)
async def test_bad_values_make_no_link(studio: Studio, values: dict[str, Any]) -> None:
    owner, project = await made(studio)
    given: dict[str, Any] = {
        "name": "",
        "access": ReviewAccess.VIEW,
        "password": None,
        "expires_at": None,
    } | values
    outcome = await review_links.create(owner, project.id, **given)
    assert [each.code for each in outcome.user_errors] == [UserErrorCode.INVALID]
    assert await ReviewLink.find({"project_id": project.id}).count() == 0


async def test_a_project_has_at_most_fifty_open_links_however_they_race(studio: Studio) -> None:
    owner, project = await made(studio)
    first = await make_link(owner, project)
    copies = [first.model_copy(update={"id": PydanticObjectId()}) for _ in range(47)]
    values = [each.model_dump(by_alias=True, exclude={"revision_id"}) for each in copies]
    await ReviewLink.get_pymongo_collection().insert_many(
        [{**each, "role": ProjectRole.COMMENTER.value} for each in values]
    )
    create = partial(review_links.create, owner, project.id, name="", password=None, expires_at=None)
    outcomes = await asyncio.gather(*(create(access=ReviewAccess.VIEW) for _ in range(5)))
    refused = [each.user_errors[0].code for each in outcomes if each.user_errors]
    assert refused == [UserErrorCode.LIMIT_EXCEEDED] * 3
    assert len(await review_links.of_project(owner, project.id)) == 50


async def test_only_who_shares_the_project_makes_lists_and_ends_links(studio: Studio) -> None:
    owner, project = await made(studio)
    editor = await studio.context_of((await make_user()).id)
    assert editor.viewer is not None
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id},
        {"$push": {"collaborators": {"user_id": editor.viewer.user_id, "role": "EDITOR"}}},
    )
    link = await make_link(owner, project)
    stranger = await studio.context_of((await make_user()).id)
    for context, refusal in ((editor, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            await make_link(context, project)
        with pytest.raises(refusal):
            await review_links.revoke(context, link.id)
        with pytest.raises(refusal):
            await review_links.of_project(context, project.id)
        assert await review_links.visible(context, link.id) is None


def forged_tokens(studio: Studio, link: ReviewLink) -> dict[str, str]:
    """Guest tokens that are none."""
    now = studio.services.now
    claims = GuestClaims(PydanticObjectId(), link.id, "Eve")

    def tokens(key: str = "k" * 32, **values: Any) -> GuestTokens:
        given: dict[str, Any] = {"issuer": "https://a.example", "audience": "api", "now": now} | values
        return GuestTokens([key], **given)

    genuine = tokens().issue(claims).value
    access = AccessTokens(["k" * 32], issuer="https://a.example", audience="api", now=now)
    an_access_token = access.issue(PydanticObjectId(), PydanticObjectId()).value
    return {
        "another key": tokens("f" * 32).issue(claims).value,
        "another issuer": tokens(issuer="https://b.example").issue(claims).value,
        "another audience": tokens(audience="mail").issue(claims).value,
        "expired": tokens(now=lambda: now() - timedelta(hours=2)).issue(claims).value,
        "an access token in a guest's dress": f"fwg_{an_access_token}",
        "a guest token in an access token's dress": genuine.removeprefix("fwg_"),
        "nothing behind the prefix": "fwg_",
        "changed": genuine[:-4] + ("AAAA" if not genuine.endswith("AAAA") else "BBBB"),
        "another link": tokens().issue(replace(claims, link_id=PydanticObjectId())).value,
    }


async def test_forged_guest_tokens_are_refused(studio: Studio) -> None:
    owner, project = await made(studio)
    link = await make_link(owner, project)
    for name, token in forged_tokens(studio, link).items():
        context = nobody(studio)
        with pytest.raises(Unauthenticated):
            await sign_in(context, token)
        assert (context.viewer, context.guest) == (None, None), name
