"""The picture that stands for a person."""

import strawberry

from schema.tree.media import StoredFile


@strawberry.type(description="A user's picture. It is made from an upload, at most 512 pixels a side.")
class Avatar:
    """Read from `documents.accounts.avatar.Avatar`."""

    file: StoredFile = strawberry.field(description="The picture: WebP.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
