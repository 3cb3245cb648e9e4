"""The words that go with a video to the platforms."""

import strawberry

import documents.tree.brief as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import projects
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given
from schema.tree.media import Provenance

Info = strawberry.Info[Context, None]


@strawberry.type(description="Words that go with the video to the platforms.")
class PublishingTexts:
    """Read from `documents.tree.brief.PublishingTexts`."""

    title: str = strawberry.field(description="Title of the video.")
    description: str = strawberry.field(description="Description of the video.")
    shorts_hashtags: list[str] = strawberry.field(description="Hashtags for YouTube; at most 30.")
    youtube_tags: list[str] = strawberry.field(
        description="What people search for on YouTube; at most 30, with 500 characters in all."
    )
    tiktok_text: str = strawberry.field(description="Text for TikTok.")
    tiktok_hashtags: list[str] = strawberry.field(description="Hashtags for TikTok; at most 30.")
    instagram_text: str = strawberry.field(description="Caption for Instagram.")
    instagram_hashtags: list[str] = strawberry.field(description="Hashtags for Instagram; at most 30.")
    provenance: Provenance | None = strawberry.field(
        description="Who found them last; null where only people did."
    )
    revision: int = strawberry.field(description="Raised with each change to these texts.")


@strawberry.input(description="What to change of the publishing texts; what is left out stays.")
class UpdatePublishingInput:
    """Unpacked by `PublishingMutations.update_publishing`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="Title of the video; at most 200 characters."
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="Description of the video; at most 5,000 characters."
    )
    shorts_hashtags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Hashtags for YouTube: at most 30 of 1 to 60 characters."
    )
    youtube_tags: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="What people search for on YouTube: at most 30 of 1 to 60 characters.",
    )
    tiktok_text: str | None = strawberry.field(
        default=strawberry.UNSET, description="Text for TikTok; at most 5,000 characters."
    )
    tiktok_hashtags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Hashtags for TikTok: at most 30 of 1 to 60 characters."
    )
    instagram_text: str | None = strawberry.field(
        default=strawberry.UNSET, description="Caption for Instagram; at most 5,000 characters."
    )
    instagram_hashtags: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Hashtags for Instagram: at most 30 of 1 to 60 characters."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The texts' revision as the client knows it; null to change them anyhow."
    )


@strawberry.type(description="What came of changing the publishing texts.")
class UpdatePublishingPayload(Payload):
    """Over `Outcome[PublishingTexts]`."""

    publishing = result_field(
        PublishingTexts,
        "The texts as they are now, also on a conflict; null if the change was refused otherwise.",
    )


@strawberry.type
class PublishingMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdatePublishingPayload,
        description="Change the words that go with the video to the platforms.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_publishing(
        self, info: Info, input: UpdatePublishingInput
    ) -> Outcome[stored.PublishingTexts]:
        """Change."""
        return await projects.update_section(
            info.context,
            project_id(input.project_id, "input.projectId"),
            stored.PublishingTexts,
            given(input, without=("project_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )
