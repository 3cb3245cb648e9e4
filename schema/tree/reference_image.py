"""Reference pictures of things, as clients see them."""

import strawberry

import documents.tree.reference_image as stored
from schema.tree.media import Provenance, StoredFile


@strawberry.type(
    description="A picture of something that must look as it does: a product, a logo, a car. Makers of "
    "pictures that take references (`Offer.takesReferences`) are shown it."
)
class ReferenceImage:
    """Read from `documents.tree.reference_image.ReferenceImage`."""

    title: str = strawberry.field(description="What it shows, such as `the bottle`; makers are told it.")
    file: StoredFile = strawberry.field(description="The picture: the project's own copy.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
    provenance: Provenance = strawberry.field(description="Where it came from.")

    @strawberry.field(description="What it is called in its style or scene; no global id.")
    def id(self, root: strawberry.Parent[stored.ReferenceImage]) -> strawberry.ID:
        """Its own id."""
        return strawberry.ID(str(root.id))
