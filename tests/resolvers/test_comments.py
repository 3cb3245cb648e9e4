"""Comments: who may write what where, whom it reaches, and what becomes of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.viewer import Guest
from documents.audit_entry import AuditAction, AuditEntry
from documents.newest_first import Window
from documents.notice import NoticeKind
from documents.projects.change_event import ChangeKind
from documents.projects.comment import MOST_REPLIES, Author, Comment, Reply
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from events.event import Event
from resolvers.context import Context
from resolvers.live import events
from resolvers.live.live_events import CommentTold
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects import comment_threads, comments
from resolvers.projects.comment_threads import Thread
from resolvers.projects.comments import CommentRef
from schema.ids import document_gid
from tasks.job_engine.announce import viewer_topic
from tests.people import make_user
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project

HOSTILE = ["", "  \n ", "x" * 5_001, "a\x00b", "\ud800"]


async def somebody(studio: Studio, name: str = "Ana") -> Context:
    return await studio.context_of((await make_user(name)).id)


def who(context: Context) -> PydanticObjectId:
    return context.require_viewer().user_id


async def film(studio: Studio) -> tuple[Context, Context, Context, Project]:
    """The owner, a commenter, a viewer, and their project."""
    owner, commenter, viewer = [await somebody(studio, name) for name in ("Olga", "Carl", "Vera")]
    people = {who(commenter): ProjectRole.COMMENTER, who(viewer): ProjectRole.VIEWER}
    project = await make_project(owner, frames=[make_frame()])
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id},
        {"$set": {"collaborators": [{"user_id": key, "role": role.value} for key, role in people.items()]}},
    )
    return owner, commenter, viewer, project


def guest(studio: Studio, project: Project, role: ProjectRole = ProjectRole.COMMENTER) -> Context:
    made = Guest(PydanticObjectId(), project.id, role, "Gus", PydanticObjectId())
    return replace(studio.context(), viewer=None, guest=made)


async def write(context: Context, project: Project, **values: Any) -> Thread:
    given: dict[str, Any] = {"node": None, "time_s": None, "text": "Nice bees.", "mentions": []} | values
    outcome = await comments.add(context, project.id, **given)
    assert outcome.result is not None, outcome.user_errors
    return outcome.result


def codes(outcome: Outcome[Any]) -> list[tuple[UserErrorCode, str | None]]:
    return [(each.code, each.field) for each in outcome.user_errors]


async def stored(thread: Thread) -> Comment | None:
    return await Comment.get(thread.stored.id)


async def test_commenters_and_guests_write_and_viewers_do_not(studio: Studio) -> None:
    _owner, commenter, viewer, project = await film(studio)
    frame = project.script.scenes[0].frames[0]
    mine = await write(commenter, project, node=("Frame", frame.id), time_s=1.5)
    assert (mine.stored.node_id, mine.stored.time_s) == (frame.id, 1.5)
    assert mine.people[who(commenter)].name == "Carl"
    theirs = await write(guest(studio, project), project, text="From outside")
    assert (theirs.stored.author.user_id, theirs.stored.author.name) == (None, "Gus")
    for context, refusal in (
        (viewer, Forbidden),
        (guest(studio, project, ProjectRole.VIEWER), Forbidden),
        (await somebody(studio), NotFound),
    ):
        with pytest.raises(refusal):
            await write(context, project)
        with pytest.raises(refusal):
            await comments.answer(context, mine.stored.id, text="Yes", mentions=[])
        with pytest.raises(refusal):
            await comments.settle(context, mine.stored.id, is_resolved=True)
    assert await Comment.find({"project_id": project.id}).count() == 2


async def test_a_comment_is_on_a_node_that_is_there(studio: Studio) -> None:
    owner, _, _, project = await film(studio)
    for node in (("Frame", PydanticObjectId()), ("Scene", project.script.scenes[0].frames[0].id)):
        with pytest.raises(NotFound):
            await write(owner, project, node=node)
    assert await Comment.find({"project_id": project.id}).count() == 0


@pytest.mark.parametrize("text", HOSTILE)
async def test_words_that_nobody_should_send_are_refused(studio: Studio, text: str) -> None:
    owner, _, _, project = await film(studio)
    thread = await write(owner, project)
    expected = [(UserErrorCode.INVALID, "input.text")]
    given: dict[str, Any] = {"node": None, "time_s": None, "mentions": []}
    assert codes(await comments.add(owner, project.id, text=text, **given)) == expected
    assert codes(await comments.answer(owner, thread.stored.id, text=text, mentions=[])) == expected
    ref = CommentRef(thread.stored.id)
    assert codes(await comments.edit(owner, ref, text=text, mentions=[])) == expected
    found = await stored(thread)
    assert found is not None
    assert (found.text, found.replies, found.revision) == ("Nice bees.", [], 0)


async def test_text_is_never_evaluated(studio: Studio) -> None:
    owner, _, _, project = await film(studio)
    thread = await write(owner, project, text="$$ROOT.owner_id")
    await comments.edit(owner, CommentRef(thread.stored.id), text="$title", mentions=[])
    found = await stored(thread)
    assert found is not None
    assert found.text == "$title"


@pytest.mark.parametrize("time_s", [-0.1, float("nan"), float("inf"), 36_001.0])
async def test_times_outside_of_any_video_are_refused(studio: Studio, time_s: float) -> None:
    owner, _, _, project = await film(studio)
    outcome = await comments.add(owner, project.id, node=None, time_s=time_s, text="Hm", mentions=[])
    assert codes(outcome) == [(UserErrorCode.INVALID, "input.timeS")]


async def test_who_is_mentioned_is_told_and_only_who_sees_the_project_can_be(studio: Studio) -> None:
    owner, _commenter, viewer, project = await film(studio)
    stranger = await somebody(studio, "Eve")
    outcome = await comments.add(
        owner, project.id, node=None, time_s=None, text="Hey", mentions=[who(viewer), who(stranger)]
    )
    assert codes(outcome) == [(UserErrorCode.INVALID, "input.mentions")]
    async with studio.services.hub.subscribe(viewer_topic(who(viewer))) as news:
        thread = await write(owner, project, mentions=[who(viewer), who(viewer), who(owner)])
        told = await asyncio.wait_for(anext(news), 5)
    assert isinstance(told, Event)
    assert told.type == NoticeKind.MENTIONED
    assert told.payload["commentId"] == str(thread.stored.id)
    assert told.payload["byName"] == "Olga"
    by_guest = await comments.add(
        guest(studio, project), project.id, node=None, time_s=None, text="Hey", mentions=[who(viewer)]
    )
    assert codes(by_guest) == [(UserErrorCode.INVALID, "input.mentions")]


async def test_one_rewords_the_own_words_alone(studio: Studio) -> None:
    owner, commenter, _, project = await film(studio)
    visitor = guest(studio, project)
    thread = await write(visitor, project)
    reply = await comments.answer(commenter, thread.stored.id, text="Why?", mentions=[])
    assert reply.result is not None
    of_reply = CommentRef(thread.stored.id, reply.result.stored.replies[0].id)
    other_guest = guest(studio, project)
    for context in (owner, commenter, other_guest):
        with pytest.raises(Forbidden):
            await comments.edit(context, CommentRef(thread.stored.id), text="No", mentions=[])
    for context in (owner, visitor):
        with pytest.raises(Forbidden):
            await comments.edit(context, of_reply, text="No", mentions=[])
    await comments.edit(visitor, CommentRef(thread.stored.id), text="Nicer bees.", mentions=[])
    await comments.edit(commenter, of_reply, text="Why not?", mentions=[])
    found = await stored(thread)
    assert found is not None
    assert (found.text, [each.text for each in found.replies]) == ("Nicer bees.", ["Why not?"])
    assert found.replies[0].edited_at is not None


async def test_one_deletes_the_own_words_and_the_owner_anybodys(studio: Studio) -> None:
    owner, commenter, viewer, project = await film(studio)
    thread = await write(guest(studio, project), project)
    for context in (commenter, viewer, guest(studio, project)):
        with pytest.raises(Forbidden):
            await comments.delete(context, CommentRef(thread.stored.id))
    outcome = await comments.delete(owner, CommentRef(thread.stored.id))
    assert outcome.result is not None
    assert outcome.result.thread is None
    assert await stored(thread) is None
    (entry,) = await AuditEntry.find({"target_id": thread.stored.id}).to_list()
    assert (entry.action, entry.details["is_own"]) == (AuditAction.COMMENT_DELETED, False)


async def test_a_comment_with_answers_leaves_an_empty_place_until_the_last_one_goes(studio: Studio) -> None:
    owner, commenter, _, project = await film(studio)
    thread = await write(commenter, project, text="A secret that I regret")
    answered = await comments.answer(owner, thread.stored.id, text="Hm", mentions=[])
    assert answered.result is not None
    outcome = await comments.delete(commenter, CommentRef(thread.stored.id))
    assert outcome.result is not None
    assert outcome.result.thread is not None
    found = await stored(thread)
    assert found is not None
    assert (found.text, found.deleted_at is None, len(found.replies)) == ("", False, 1)
    closed = await comments.answer(commenter, thread.stored.id, text="Again", mentions=[])
    assert codes(closed) == [(UserErrorCode.LIMIT_EXCEEDED, None)]
    with pytest.raises(NotFound):
        await comments.delete(commenter, CommentRef(thread.stored.id))
    await comments.delete(owner, CommentRef(thread.stored.id, found.replies[0].id))
    assert await stored(thread) is None


async def test_threads_are_resolved_and_opened_again_and_lists_tell_them_apart(studio: Studio) -> None:
    owner, commenter, viewer, project = await film(studio)
    scene = project.script.scenes[0]
    first = await write(owner, project, node=("Scene", scene.id))
    second = await write(owner, project)
    await comments.settle(commenter, first.stored.id, is_resolved=True)

    async def listed(**wanted: Any) -> list[PydanticObjectId]:
        given: dict[str, Any] = {"node_id": None, "is_resolved": None, "window": Window(size=10)} | wanted
        found = await comment_threads.of_project(viewer, project.id, **given)
        return [each.stored.id for each in found.members]

    assert await listed() == [second.stored.id, first.stored.id]
    assert await listed(is_resolved=True) == [first.stored.id]
    assert await listed(is_resolved=False) == [second.stored.id]
    assert await listed(node_id=scene.id) == [first.stored.id]
    await comments.settle(commenter, first.stored.id, is_resolved=False)
    assert await listed(is_resolved=True) == []
    with pytest.raises(NotFound):
        await comment_threads.of_project(
            await somebody(studio), project.id, node_id=None, is_resolved=None, window=Window(size=1)
        )


async def test_a_thread_takes_so_many_answers_and_no_more_however_they_race(studio: Studio) -> None:
    owner, _, _, project = await film(studio)
    thread = await write(owner, project)
    replies = [
        Reply(author=Author(user_id=who(owner)), text="x", created_at=studio.services.now()).stored()
        for _ in range(MOST_REPLIES - 1)
    ]
    await Comment.get_pymongo_collection().update_one(
        {"_id": thread.stored.id}, {"$set": {"replies": replies}}
    )
    outcomes = await asyncio.gather(
        *(comments.answer(owner, thread.stored.id, text="y", mentions=[]) for _ in range(3))
    )
    assert sorted(len(codes(each)) for each in outcomes) == [0, 1, 1]
    found = await stored(thread)
    assert found is not None
    assert len(found.replies) == MOST_REPLIES


async def test_followers_of_the_project_are_told_once_and_its_revision_stays(studio: Studio) -> None:
    owner, commenter, _, project = await film(studio)
    place = await events.cursor(owner, project.id)
    thread = await write(commenter, project)
    await comments.answer(owner, thread.stored.id, text="Yes", mentions=[])
    await comments.delete(owner, CommentRef(thread.stored.id))
    stream = events.of_project(owner, project.id, after=place)
    told = [await asyncio.wait_for(anext(stream), 5) for _ in range(3)]
    await stream.aclose()
    assert [each.change for each in told if isinstance(each, CommentTold)] == [
        ChangeKind.NODE_ADDED,
        ChangeKind.NODE_CHANGED,
        ChangeKind.NODE_CHANGED,
    ]
    raw = await Project.get_pymongo_collection().find_one({"_id": project.id})
    assert raw is not None
    assert (raw["revision"], raw["outbox"]) == (project.revision, [])


async def test_a_deleted_project_takes_no_comments(studio: Studio) -> None:
    owner, _, _, project = await film(studio)
    thread = await write(owner, project)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {"deleted_at": studio.services.now()}}
    )
    with pytest.raises(NotFound):
        await write(owner, project)
    with pytest.raises(NotFound):
        await comments.delete(owner, CommentRef(thread.stored.id))


async def test_every_list_of_comments_has_an_index(studio: Studio) -> None:
    _owner, _, _, project = await film(studio)
    for wanted in ({}, {"is_resolved": False}, {"node_id": PydanticObjectId()}):
        found = Comment.get_pymongo_collection().find({"project_id": project.id, **wanted})
        plan = await found.sort([("created_at", -1), ("_id", -1)]).limit(20).explain()
        assert "SORT" not in str(plan["queryPlanner"]["winningPlan"]).replace("SORT_KEY", "")


async def test_clients_see_threads_with_names(studio: Studio, api: Api) -> None:
    owner, commenter, _, project = await film(studio)
    thread = await write(guest(studio, project), project)
    await comments.answer(commenter, thread.stored.id, text="Yes", mentions=[who(owner)])
    document = """query($id: ID!) { comments(projectId: $id) { nodes { id text isMine timeS nodeId
      author { name isGuest userId } mentions { name }
      replies { id text isMine author { name isGuest } mentions { name email } } } } }"""
    asked = await api(commenter, document, id=document_gid("Project", project.id))
    assert asked.codes == []
    (node,) = asked.payload["nodes"]
    assert (node["author"], node["isMine"]) == ({"name": "Gus", "isGuest": True, "userId": None}, False)
    (reply,) = node["replies"]
    assert (reply["author"]["name"], reply["isMine"]) == ("Carl", True)
    assert reply["mentions"] == [{"name": "Olga", "email": None}]
