"""What can be changed of personas, and which of them writes a project."""

import strawberry

import documents.projects.project as stored_project
import documents.writers_room.persona as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.writers_room import personas
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id, project_id
from schema.inputs import given
from schema.projects.project import Project
from schema.writers_room.persona import Persona

Info = strawberry.Info[Context, None]
_ID = "Id of the persona."
_IN_COMPANY = (
    "Whether it is the company's: its members see it, and who holds `ASSETS_MANAGE` changes it. Takes "
    "`ASSETS_MANAGE`."
)
_EXPECTED = "The persona's revision as the client knows it; null to go on anyhow."
_TEMPERATURE = "How freely it chooses its words, 0 to 2; null for the model's own way."
_TOP_P = "From which share of the likely words it chooses, 0 to 1; null for the model's own."
_TOP_K = "From how many of the likeliest words it chooses, 1 to 1,000; null for the model's own."
_LENGTH = "Length of an answer at the most, 16 to 131,072 tokens; null for the model's own."
_INSTRUCTIONS = "What the language model is told before everything else, 1 to 10,000 characters."


@strawberry.input(description="A new persona.")
class CreatePersonaInput:
    """Unpacked by `PersonaMutations.create_persona`."""

    in_company: bool = strawberry.field(default=False, description=_IN_COMPANY)
    name: str = strawberry.field(description="One line, 1 to 200 characters.")
    description: str = strawberry.field(default="", description="What it is for, at most 5,000 characters.")
    category: str = strawberry.field(default="", description="One line, at most 200 characters.")
    tags: list[str] = strawberry.field(default_factory=list, description="At most 30, of 1 to 60 characters.")
    instructions: str = strawberry.field(description=_INSTRUCTIONS)
    temperature: float | None = strawberry.field(default=None, description=_TEMPERATURE)
    top_p: float | None = strawberry.field(default=None, description=_TOP_P)
    top_k: int | None = strawberry.field(default=None, description=_TOP_K)
    max_output_tokens: int | None = strawberry.field(default=None, description=_LENGTH)


@strawberry.input(description="What to change of a persona; what is left out stays.")
class UpdatePersonaInput:
    """Unpacked by `PersonaMutations.update_persona`."""

    persona_id: strawberry.ID = strawberry.field(description=_ID)
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, 1 to 200 characters."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="What it is for, at most 5,000 characters."
    )
    category: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, at most 200 characters."
    )
    tags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="At most 30, of 1 to 60 characters."
    )
    instructions: str | None = strawberry.field(default=strawberry.UNSET, description=_INSTRUCTIONS)
    temperature: float | None = strawberry.field(default=strawberry.UNSET, description=_TEMPERATURE)
    top_p: float | None = strawberry.field(default=strawberry.UNSET, description=_TOP_P)
    top_k: int | None = strawberry.field(default=strawberry.UNSET, description=_TOP_K)
    max_output_tokens: int | None = strawberry.field(default=strawberry.UNSET, description=_LENGTH)
    is_active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it is offered for new work. Makes no new version."
    )
    reason: str = strawberry.field(
        default="", description="Why, for the versions' list: one line, at most 200 characters."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The persona to copy.")
class CopyPersonaInput:
    """Unpacked by `PersonaMutations.copy_persona`."""

    persona_id: strawberry.ID = strawberry.field(description=_ID)
    name: str | None = strawberry.field(
        default=None, description="Name of the copy, 1 to 200 characters; null for the same."
    )
    in_company: bool = strawberry.field(default=False, description=_IN_COMPANY)


@strawberry.input(description="The persona to delete.")
class DeletePersonaInput:
    """Unpacked by `PersonaMutations.delete_persona`."""

    persona_id: strawberry.ID = strawberry.field(description=_ID)


@strawberry.input(description="The version to go back to.")
class RestorePersonaVersionInput:
    """Unpacked by `PersonaMutations.restore_persona_version`."""

    persona_id: strawberry.ID = strawberry.field(description=_ID)
    version: int = strawberry.field(description="Number of the version.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="Who is to write a project.")
class SetProjectPersonaInput:
    """Unpacked by `PersonaMutations.set_project_persona`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    persona_id: strawberry.ID | None = strawberry.field(
        default=None, description=f"{_ID} Null for no persona."
    )
    version: int | None = strawberry.field(
        default=None,
        description="Version of the persona; null for the newest one. The project keeps it when the persona "
        "is changed, until it is set again.",
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The project's revision as the client knows it; null to go on anyhow."
    )


@strawberry.type
class _PersonaPayload(Payload):
    """What the payloads of changes of a persona share."""

    persona = result_field(
        Persona, "The persona as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of making a persona.")
class CreatePersonaPayload(_PersonaPayload):
    """Over `Outcome[Persona]`."""


@strawberry.type(description="What came of changing a persona.")
class UpdatePersonaPayload(_PersonaPayload):
    """Over `Outcome[Persona]`."""


@strawberry.type(description="What came of copying a persona.")
class CopyPersonaPayload(_PersonaPayload):
    """Over `Outcome[Persona]`."""


@strawberry.type(description="What came of going back to an earlier version of a persona.")
class RestorePersonaVersionPayload(_PersonaPayload):
    """Over `Outcome[Persona]`."""


@strawberry.type(description="What came of deleting a persona.")
class DeletePersonaPayload(Payload):
    """Over `Outcome[Persona]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the persona that is gone; null if it is not."
    )
    def deleted_persona_id(self, root: strawberry.Parent[Outcome[stored.Persona]]) -> str | None:
        """Global id of what was removed."""
        return None if root.result is None else document_gid("Persona", root.result.id)


@strawberry.type(description="What came of saying who writes a project.")
class SetProjectPersonaPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(
        Project, "The project as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type
class PersonaMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreatePersonaPayload,
        description="Make a persona. `LIMIT_EXCEEDED`: 500 are there already.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def create_persona(self, info: Info, input: CreatePersonaInput) -> Outcome[stored.Persona]:
        """Make."""
        values = given(input, without=("in_company",))
        return await personas.create(info.context, values, in_company=input.in_company)

    @strawberry.mutation(
        graphql_type=UpdatePersonaPayload,
        description="Change a persona. What the model is told from now on is a new version; projects and "
        "chats keep the version that they have. The error `FORBIDDEN`: it is built in, or the company's and "
        "`ASSETS_MANAGE` is missing.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def update_persona(self, info: Info, input: UpdatePersonaInput) -> Outcome[stored.Persona]:
        """Change."""
        return await personas.update(
            info.context,
            document_id(input.persona_id, "Persona", "input.personaId"),
            given(input, without=("persona_id", "reason", "expected_revision")),
            reason=input.reason,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=CopyPersonaPayload,
        description="Make a persona out of any that one sees, the built-in ones among them.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def copy_persona(self, info: Info, input: CopyPersonaInput) -> Outcome[stored.Persona]:
        """Copy."""
        return await personas.copy(
            info.context,
            document_id(input.persona_id, "Persona", "input.personaId"),
            name=input.name,
            in_company=input.in_company,
        )

    @strawberry.mutation(
        graphql_type=RestorePersonaVersionPayload,
        description="Make a persona what it was in an earlier version; that is a new version, too.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def restore_persona_version(
        self, info: Info, input: RestorePersonaVersionInput
    ) -> Outcome[stored.Persona]:
        """Go back."""
        return await personas.restore_version(
            info.context,
            document_id(input.persona_id, "Persona", "input.personaId"),
            input.version,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeletePersonaPayload,
        description="Delete a persona with all of its versions, for good. Projects that it was given to are "
        "written without one from then on, and its chats take no new messages.",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def delete_persona(self, info: Info, input: DeletePersonaInput) -> Outcome[stored.Persona]:
        """Delete."""
        return await personas.delete(
            info.context, document_id(input.persona_id, "Persona", "input.personaId")
        )

    @strawberry.mutation(
        graphql_type=SetProjectPersonaPayload,
        description="Say who writes a project: its script, what is rewritten of it, and the words that go "
        "with it.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def set_project_persona(
        self, info: Info, input: SetProjectPersonaInput
    ) -> Outcome[stored_project.Project]:
        """Give it to a persona."""
        return await personas.give_to_project(
            info.context,
            project_id(input.project_id, "input.projectId"),
            None if input.persona_id is None else document_id(input.persona_id, "Persona", "input.personaId"),
            version=input.version,
            expected_revision=input.expected_revision,
        )
