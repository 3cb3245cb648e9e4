"""What a brand brings to a style: pictures laid over a whole video, and a font."""

import strawberry

import documents.tree.overlay as stored
from documents.tree.overlay import Corner
from schema.enums import describe
from schema.tree.media import Provenance, StoredFile

describe(
    Corner,
    "Where a picture stands, inside the platforms' safe areas; several of one corner one below the other.",
    {
        Corner.TOP_LEFT: "At the top left.",
        Corner.TOP_RIGHT: "At the top right.",
        Corner.BOTTOM_LEFT: "At the bottom left, under captions that stand there.",
        Corner.BOTTOM_RIGHT: "At the bottom right, under captions that stand there.",
    },
)


@strawberry.type(description="A font for captions and titles, as far as it has their letters.")
class BrandFont:
    """Read from `documents.tree.overlay.BrandFont`."""

    name: str = strawberry.field(description="What the company calls it.")
    file: StoredFile = strawberry.field(description="The font: the project's own copy.")
    provenance: Provenance = strawberry.field(description="Where it came from.")


@strawberry.type(description="A picture over the whole video: a logo, a badge, a watermark.")
class Overlay:
    """Read from `documents.tree.overlay.Overlay`."""

    corner: Corner = strawberry.field(description="Where it stands.")
    size: float = strawberry.field(
        description="Its longer side as a share of the video's shorter side, 0.04 to 0.5."
    )
    opacity: float = strawberry.field(description="0.05 (hardly seen) to 1 (hides what is behind it).")
    file: StoredFile = strawberry.field(description="The picture: the project's own copy.")
    width: int = strawberry.field(description="Of the picture, in pixels.")
    height: int = strawberry.field(description="Of the picture, in pixels.")
    provenance: Provenance = strawberry.field(description="Where it came from.")

    @strawberry.field(description="What it is called in this style; no global id.")
    def id(self, root: strawberry.Parent[stored.Overlay]) -> strawberry.ID:
        """Its own id."""
        return strawberry.ID(str(root.id))
