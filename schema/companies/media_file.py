"""Files of a company that were looked into."""

import strawberry

from schema.tree.media import StoredFile


@strawberry.type(description="A checked file: what it is, and what a list can show of it.")
class MediaFile:
    """Read from `documents.companies.media_file.MediaFile`."""

    file: StoredFile = strawberry.field(description="The file itself.")
    file_name: str = strawberry.field(description="As its sender called it; for people alone.")
    width: int | None = strawberry.field(
        description="Of a picture or moving picture in pixels, as displayed; null for others."
    )
    height: int | None = strawberry.field(
        description="Of a picture or moving picture in pixels, as displayed; null for others."
    )
    duration_s: float | None = strawberry.field(
        description="Of a sound or moving picture, in seconds; null for others."
    )
