"""Who else sees the film: collaborators and who is invited, review links and their guests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from beanie import PydanticObjectId

from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from documents.projects.comment import Author, Comment, Reply
from documents.projects.project import EditLock, Project
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.project_role import ProjectRole
from documents.projects.review_link import ReviewLink
from schema.ids import document_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples import film
from tests.strangers.people import Caller
from tests.strangers.world import World

PASSWORD = "canary password"
NOT_THEIRS = dict.fromkeys(("editor", "commenter", "guest commenter"), "FORBIDDEN")
"""They may comment, and these are the words of somebody else."""


async def furnish(world: World) -> None:
    await _make_guests(world)
    now = world.studio.services.now()
    other = world.people["other"]
    invitation = ProjectInvitation(
        project_id=film.film(world).id,
        email=other.email,
        email_key=other.email,
        role=ProjectRole.EDITOR,
        invited_by=world.owner.user_id,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    values = invitation.model_dump(by_alias=True, exclude={"revision_id"})
    await ProjectInvitation.get_pymongo_collection().insert_one({**values, "role": "EDITOR"})
    world.documents["project invitation"] = invitation
    lock = EditLock(
        user_id=world.owner.user_id,
        session_id=world.owner.session_id,
        taken_at=now,
        renewed_at=now,
        expires_at=now + timedelta(days=1),
    )
    await Project.get_pymongo_collection().update_one(
        {"_id": world.documents["finished"].id}, {"$set": {"edit_lock": lock.stored()}}
    )
    world.documents["comment"] = await Comment(
        project_id=film.film(world).id,
        author=Author(user_id=world.owner.user_id),
        text="Canary words",
        replies=[Reply(author=Author(user_id=world.owner.user_id), text="Canary answer", created_at=now)],
        created_at=now,
    ).insert()


async def _make_guests(world: World) -> None:
    services = world.studio.services
    now = services.now()
    elsewhere = Project(
        title="Elsewhere", owner_id=world.people["other"].user_id, created_at=now, updated_at=now
    )
    await elsewhere.insert()
    plain = ReviewLink(
        project_id=film.film(world).id,
        name="Canary link",
        role=ProjectRole.VIEWER,
        created_by=world.owner.user_id,
        created_at=now,
        opened_at=now.replace(year=now.year + 1),  # opened in the future: opening it again changes nothing
    )
    links = {
        "link": replace_link(plain, password_hash=await services.passwords.hash(PASSWORD), opened_at=None),
        "viewing link": plain,
        "commenting link": replace_link(plain, role=ProjectRole.COMMENTER),
        "ended link": replace_link(plain, revoked_at=now),
        "other link": replace_link(plain, project_id=elsewhere.id, name="Elsewhere"),
    }
    for name, link in links.items():
        values = link.model_dump(by_alias=True, exclude={"revision_id"})
        await ReviewLink.get_pymongo_collection().insert_one({**values, "role": link.role.value})
        world.documents[name] = link
    for name, link_name, role in (
        ("guest viewer", "viewing link", ProjectRole.VIEWER),
        ("guest commenter", "commenting link", ProjectRole.COMMENTER),
        ("guest of another project", "other link", None),
    ):
        world.callers.append(Caller(name, guest_token(world, link_name), guest_role=role, is_guest=True))
    world.callers.append(Caller("guest of an ended link", guest_token(world, "ended link")))


def replace_link(link: ReviewLink, **values: object) -> ReviewLink:
    copy: ReviewLink = link.model_copy(update={"id": PydanticObjectId(), **values})
    return copy


def guest_token(world: World, name: str) -> str:
    guests = world.studio.services.guests
    return guests.admit(world.documents[name], name="Guest", guest_id=PydanticObjectId()).value


def link_token(world: World, name: str = "link") -> str:
    return world.studio.services.mail_tokens.token(LinkPurpose.REVIEW_LINK, world.documents[name].id)


def link(world: World) -> str:
    return document_gid("ReviewLink", world.documents["link"].id)


def invitation(world: World) -> str:
    return document_gid("ProjectInvitation", world.documents["project invitation"].id)


def invitation_token(world: World, purpose: LinkPurpose = LinkPurpose.PROJECT_INVITATION) -> str:
    return world.studio.services.mail_tokens.token(purpose, world.documents["project invitation"].id)


def other_token(world: World) -> str:
    return invitation_token(world, LinkPurpose.COMPANY_INVITATION)


def comment(world: World) -> str:
    return document_gid("Comment", world.documents["comment"].id)


def person(name: str) -> Callable[[World], str]:
    return lambda world: world.user_gid(name)


EXAMPLES = {
    "editLock": film.beside_film(Example(lambda w: {"projectId": film.gid(w, "finished")})),
    "takeEditLock": film.change(projectId=film.gid),
    "releaseEditLock": replace(film.change(projectId=film.gid), changes=False),
    "presence": Example(lambda w: {"projectId": film.gid(w)}),
    "reportPresence": replace(
        film.change(projectId=film.gid, nodeId=film.frame, activity="LOOKING", tabId="tab-1"), changes=False
    ),
    "endPresence": replace(film.change(projectId=film.gid, tabId="tab-1"), changes=False),
    "viewerEventCursor": Example(is_own=True),
    "viewerEvents": Example(lambda _: {"after": "elsewhere:1"}, is_own=True),
    "comments": Example(lambda w: {"projectId": film.gid(w)}),
    "addComment": film.change(projectId=film.gid, nodeId=film.frame, text="Lovely"),
    "replyToComment": film.change(commentId=comment, text="Indeed"),
    "editComment": replace(film.change(id=comment, text="Other words"), refusals=NOT_THEIRS),
    "resolveComment": film.change(commentId=comment),
    "deleteComment": replace(film.change(id=comment), refusals=NOT_THEIRS),
    "addCollaborator": film.change(projectId=film.gid, email="new@example.com", role="VIEWER"),
    "changeCollaboratorRole": film.change(projectId=film.gid, userId=person("viewer"), role="EDITOR"),
    "removeCollaborator": film.change(projectId=film.gid, userId=person("viewer")),
    "leaveProject": replace(
        film.change(projectId=film.gid),
        by="viewer",
        refusals=dict.fromkeys(("guest viewer", "guest commenter"), "UNAUTHENTICATED"),
    ),
    "transferProject": film.change(projectId=film.gid, userId=person("editor")),
    "projectInvitations": Example(lambda w: {"projectId": film.gid(w)}),
    "projectInvitation": Example(
        lambda w: {"token": invitation_token(w)}, by="anonymous", forged=lambda w: {"token": other_token(w)}
    ),
    "acceptProjectInvitation": Example(
        lambda w: {"input": {"token": invitation_token(w)}}, by="other", unseen="INVALID"
    ),
    "declineProjectInvitation": Example(
        lambda w: {"input": {"token": invitation_token(w)}},
        by="anonymous",
        forged=lambda w: {"input": {"token": other_token(w)}},
    ),
    "revokeProjectInvitation": film.change(invitationId=invitation),
    "reviewLinks": Example(lambda w: {"projectId": film.gid(w)}),
    "createReviewLink": film.change(projectId=film.gid, name="For the client"),
    "revokeReviewLink": film.change(reviewLinkId=link),
    "openReviewLink": Example(
        lambda w: {"input": {"token": link_token(w), "password": PASSWORD, "name": "Ana"}},
        by="anonymous",
        forged=lambda w: {"input": {"token": link_token(w), "password": "a guess at it", "name": "Eve"}},
        unseen="INVALID",
    ),
}

NODES = {
    "ReviewLink": NodeExample(link, needs=Permission.PROJECT_SHARE),
    "Comment": NodeExample(comment),
    "ProjectInvitation": NodeExample(invitation, needs=Permission.PROJECT_SHARE),
}
