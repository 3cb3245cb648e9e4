"""Personas as the language models get them."""

from beanie import PydanticObjectId

from documents.projects.project import Project
from documents.writers_room import persona as stored
from documents.writers_room.persona import PersonaTraits
from providers.protocols.persona import Persona


async def persona_for(project: Project) -> Persona | None:
    """Who writes a project, in the version that it was given; None for nobody, or for one that is gone."""
    if project.persona_id is None:
        return None
    return await persona_in(project.persona_id, project.persona_version)


async def persona_in(persona_id: PydanticObjectId, version: int | None) -> Persona | None:
    """A persona in one version; None if it is gone."""
    found = None if version is None else await stored.version_of(persona_id, version)
    return None if found is None else as_role(found.traits)


def as_role(traits: PersonaTraits) -> Persona:
    """What a provider is told of a persona."""
    return Persona(
        name=traits.name,
        instructions=traits.instructions,
        temperature=traits.temperature,
        top_p=traits.top_p,
        top_k=traits.top_k,
        max_output_tokens=traits.max_output_tokens,
    )
