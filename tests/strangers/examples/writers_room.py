"""The writer's room: personas, and who writes the film."""

from access.permissions import Permission
from documents import persona as personas
from documents.built_in_personas import EXPLAINER
from documents.persona import Persona
from schema.ids import document_gid
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
    "setProjectPersona": Example(
        lambda w: {"input": {"projectId": film.gid(w), "personaId": document_gid("Persona", EXPLAINER.id)}}
    ),
}

NODES = {"Persona": NodeExample(persona, needs=Permission.ACCOUNT_VIEW)}
