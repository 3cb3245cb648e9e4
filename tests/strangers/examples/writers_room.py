"""The writer's room: personas, and who writes the film."""

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.writers_room import persona as personas
from documents.writers_room.built_in_personas import EXPLAINER
from documents.writers_room.chat import Chat, ChatMessage, Speaker
from documents.writers_room.persona import Persona
from documents.writers_room.show import Show
from documents.writers_room.weekly_plan import PlanEntry, WeeklyPlan
from schema.ids import document_gid, tree_gid
from tests.strangers.example import Example, NodeExample
from tests.strangers.examples import film
from tests.strangers.world import World


async def furnish(world: World) -> None:
    now = world.studio.services.now()
    owner = world.owner.user_id
    for name, whose in (
        ("persona", {"owner_id": owner}),
        ("company persona", {"company_id": world.company.id}),
    ):
        made = Persona(
            name=f"Canary {name}",
            instructions="You are a canary.",
            created_at=now,
            updated_at=now,
            **whose,
        )
        await personas.make(made, by=owner, reason="Canary reason")
        world.documents[name] = made

    chat = Chat(
        owner_id=owner,
        project_id=film.film(world).id,
        persona_id=EXPLAINER.id,
        persona_version=EXPLAINER.version,
        title="Canary chat",
        last_message_at=now,
        created_at=now,
    )
    made_show = Show(name="Canary show", owner_id=owner, created_at=now, updated_at=now)
    world.documents["show"] = await made_show.insert()
    made_plan = WeeklyPlan(
        owner_id=owner,
        persona_id=EXPLAINER.id,
        persona_version=EXPLAINER.version,
        brief="Canary brief",
        starts_on="2026-12-30",
        entries=[PlanEntry(day="2026-12-30", title="Canary entry", topic="canaries")],
        job_id=PydanticObjectId(),
        created_at=now,
    )
    world.documents["plan"] = await made_plan.insert()
    world.documents["chat"] = await chat.insert()
    words = ChatMessage(chat_id=chat.id, owner_id=owner, speaker=Speaker.USER, content="Canary words", at=now)
    await words.insert()


def built_in() -> str:
    return document_gid("Persona", EXPLAINER.id)


def chat(world: World) -> str:
    return document_gid("Chat", world.documents["chat"].id)


def show(world: World) -> str:
    return document_gid("Show", world.documents["show"].id)


def plan(world: World) -> str:
    return document_gid("WeeklyPlan", world.documents["plan"].id)


def entry(world: World) -> str:
    found = world.documents["plan"]
    return tree_gid("WeeklyPlanEntry", found.id, found.entries[0].id)


def persona(world: World) -> str:
    return document_gid("Persona", world.documents["persona"].id)


EXAMPLES = {
    "personas": Example(is_own=True),
    "persona": Example(lambda w: {"id": persona(w)}),
    "createPersona": Example(lambda _: {"input": {"name": "Bee", "instructions": "Buzz."}}, is_own=True),
    "updatePersona": Example(lambda w: {"input": {"personaId": persona(w), "name": "Stolen"}}),
    "copyPersona": Example(lambda w: {"input": {"personaId": persona(w)}}),
    "deletePersona": Example(lambda w: {"input": {"personaId": persona(w)}}),
    "restorePersonaVersion": Example(lambda w: {"input": {"personaId": persona(w), "version": 1}}),
    "setProjectPersona": Example(lambda w: {"input": {"projectId": film.gid(w), "personaId": built_in()}}),
    "shows": Example(is_own=True),
    "show": Example(lambda w: {"id": show(w)}),
    "createShow": Example(lambda _: {"input": {"name": "Bees"}}, is_own=True),
    "updateShow": Example(lambda w: {"input": {"showId": show(w), "name": "Stolen"}}),
    "deleteShow": Example(lambda w: {"input": {"showId": show(w)}}),
    "setProjectEpisode": Example(lambda w: {"input": {"projectId": film.gid(w)}}),
    "createEpisode": Example(lambda w: {"input": {"showId": show(w), "topic": "Bees"}}),
    "weeklyPlans": Example(is_own=True),
    "weeklyPlan": Example(lambda w: {"id": plan(w)}),
    "makeWeeklyPlan": Example(
        lambda _: {"input": {"personaId": built_in(), "brief": "Bees", "startsOn": "2026-12-30"}}, is_own=True
    ),
    "addWeeklyPlanEntry": Example(
        lambda w: {"input": {"planId": plan(w), "day": "2026-12-31", "title": "More", "topic": "bees"}}
    ),
    "removeWeeklyPlanEntry": Example(lambda w: {"input": {"entryId": entry(w)}}),
    "updateWeeklyPlanEntry": Example(lambda w: {"input": {"entryId": entry(w), "title": "Stolen"}}),
    "createProjectFromPlanEntry": Example(lambda w: {"input": {"entryId": entry(w)}}),
    "deleteWeeklyPlan": Example(lambda w: {"input": {"planId": plan(w)}}),
    "chats": Example(is_own=True),
    "chat": Example(lambda w: {"id": chat(w)}),
    "startChat": Example(lambda _: {"input": {"personaId": built_in()}}, is_own=True),
    "sendChatMessage": Example(lambda w: {"input": {"chatId": chat(w), "text": "Sing!"}}),
    "updateChat": Example(lambda w: {"input": {"chatId": chat(w), "title": "Stolen"}}),
    "deleteChat": Example(lambda w: {"input": {"chatId": chat(w)}}),
    "chatEvents": Example(lambda w: {"chatId": chat(w), "after": "gone:1"}),
}

NODES = {
    "Persona": NodeExample(persona, needs=Permission.ACCOUNT_VIEW),
    "Show": NodeExample(show, needs=Permission.ACCOUNT_VIEW),
    "WeeklyPlan": NodeExample(plan, needs=Permission.ACCOUNT_VIEW),
    "Chat": NodeExample(chat, needs=Permission.ACCOUNT_VIEW),
}
