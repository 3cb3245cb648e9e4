"""Uploads: files on their way from a browser into a project."""

from datetime import datetime

import strawberry

import documents.upload as stored
from access.permissions import Permission
from documents.upload import UploadPurpose, UploadState
from resolvers import uploads
from resolvers.changes import Removed
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.uploads import Announced
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.ids import tree_gid, tree_ref
from schema.inputs import given
from schema.node import TreeNode, removed_field
from schema.rules import needs
from schema.scalars import BigInt
from storage.object_store import PresignedRequest

Info = strawberry.Info[Context, None]

describe(
    UploadPurpose,
    "What an uploaded file is to become.",
    {UploadPurpose.FRAME_IMAGE: "A candidate picture of a frame."},
)
describe(
    UploadState,
    "How far an upload has come.",
    {
        UploadState.PENDING: "Announced; the file is still to be sent.",
        UploadState.CHECKING: "A worker looks into the file.",
        UploadState.ATTACHED: "The file has become what it was sent for.",
        UploadState.REFUSED: "The file did not fit, for the reason given, and was deleted.",
    },
)


@strawberry.type(description="A file on its way into a project. Forgotten a day after it was announced.")
class Upload(TreeNode):
    """Read from `documents.upload.Upload`."""

    shows = stored.Upload

    purpose: UploadPurpose = strawberry.field(description="What the file is to become.")
    state: UploadState = strawberry.field(description="How far it has come.")
    file_name: str = strawberry.field(description="Its name on the sender's machine.")
    mime_type: str = strawberry.field(description="Its type, as announced.")
    size_bytes: BigInt = strawberry.field(description="Its size in bytes, as announced.")
    reason: str | None = strawberry.field(description="Why it was refused, in words for the sender.")
    created_at: datetime = strawberry.field(description="When it was announced.")
    expires_at: datetime = strawberry.field(description="Until when the file must have been sent.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the frame that it is for.")
    def frame_id(self, root: strawberry.Parent[stored.Upload]) -> str | None:
        """Global id of the frame."""
        return None if root.project_id is None else tree_gid("Frame", root.project_id, root.frame_id)

    @strawberry.field(graphql_type=strawberry.ID | None, description="Id of the picture that it has become.")
    def image_id(self, root: strawberry.Parent[stored.Upload]) -> str | None:
        """Global id of the picture."""
        if root.project_id is None or root.asset_id is None:
            return None
        return tree_gid("Image", root.project_id, root.asset_id)


@strawberry.type(description="A header of an HTTP request.")
class HttpHeader:
    """One name and value."""

    name: str = strawberry.field(description="Such as `Content-Type`.")
    value: str = strawberry.field(description="Sent as it is.")


@strawberry.type(description="An HTTP request that sends the file straight to the object storage.")
class UploadRequest:
    """Read from `storage.object_store.PresignedRequest`."""

    method: str = strawberry.field(description="`PUT`.")
    url: str = strawberry.field(description="Where to; good until the upload's `expiresAt`.")

    @strawberry.field(graphql_type=list[HttpHeader], description="Headers to send.")
    def headers(self, root: strawberry.Parent[PresignedRequest]) -> list[HttpHeader]:
        """The headers, one by one."""
        return [HttpHeader(name=name, value=value) for name, value in root.headers.items()]


@strawberry.input(description="A picture to upload for a frame.")
class CreateUploadInput:
    """Unpacked by `UploadMutations.create_upload`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    file_name: str = strawberry.field(description="Its name, 1 to 200 characters; only shown.")
    mime_type: str = strawberry.field(description="`image/png`, `image/jpeg` or `image/webp`.")
    size_bytes: BigInt = strawberry.field(description="Its exact size, 1 to 33,554,432 bytes.")


@strawberry.input(description="The upload whose file was sent.")
class CompleteUploadInput:
    """Unpacked by `UploadMutations.complete_upload`."""

    upload_id: strawberry.ID = strawberry.field(description="Id of the upload.")
    choose: bool = strawberry.field(
        default=True, description="Whether the frame shows the picture as soon as it is there."
    )


@strawberry.input(description="The upload to forget.")
class CancelUploadInput:
    """Unpacked by `UploadMutations.cancel_upload`."""

    upload_id: strawberry.ID = strawberry.field(description="Id of the upload.")


@strawberry.type(description="What came of announcing an upload.")
class CreateUploadPayload(Payload):
    """Over `Outcome[Announced]`."""

    @strawberry.field(graphql_type=Upload | None, description="The upload; null if it was refused.")
    def upload(self, root: strawberry.Parent[Outcome[Announced]]) -> stored.Upload | None:
        """The upload."""
        return None if root.result is None else root.result.upload

    @strawberry.field(
        graphql_type=UploadRequest | None,
        description="The request that sends the file; null if the upload was refused.",
    )
    def request(self, root: strawberry.Parent[Outcome[Announced]]) -> PresignedRequest | None:
        """How to send it."""
        return None if root.result is None else root.result.request


@strawberry.type(description="What came of completing an upload.")
class CompleteUploadPayload(Payload):
    """Over `Outcome[Upload]`."""

    upload = result_field(Upload, "The upload as it is now.")


@strawberry.type(description="What came of cancelling an upload.")
class CancelUploadPayload(Payload):
    """Over `Outcome[Removed]`."""

    cancelled_upload_id = removed_field("Id of the upload that is forgotten.")


@strawberry.type
class UploadMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateUploadPayload,
        description="Announce a picture for a frame. Send the file with the request that comes back, then "
        "call `completeUpload`.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def create_upload(self, info: Info, input: CreateUploadInput) -> Outcome[Announced]:
        """Announce."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        return await uploads.create(
            info.context, ref.project_id, ref.node_id, given(input, without=("frame_id",))
        )

    @strawberry.mutation(
        graphql_type=CompleteUploadPayload,
        description="Have a worker look into the file that was sent and make it a candidate of its frame; "
        "follow the upload's `state`. Where the check failed or was canceled, another one starts. `INVALID`: "
        "the file is not there, or not whole.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def complete_upload(self, info: Info, input: CompleteUploadInput) -> Outcome[stored.Upload]:
        """Complete."""
        ref = tree_ref(input.upload_id, "Upload", "input.uploadId")
        return await uploads.complete(info.context, ref.project_id, ref.node_id, choose=input.choose)

    @strawberry.mutation(
        graphql_type=CancelUploadPayload,
        description="Forget an upload and what was sent of it. A picture that it has become stays.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def cancel_upload(self, info: Info, input: CancelUploadInput) -> Outcome[Removed]:
        """Forget."""
        ref = tree_ref(input.upload_id, "Upload", "input.uploadId")
        return await uploads.cancel(info.context, ref.project_id, ref.node_id)
