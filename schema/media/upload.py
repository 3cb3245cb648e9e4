"""Uploads: files on their way from a browser to where they belong."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from beanie import PydanticObjectId
from strawberry import relay

import documents.media.upload as stored
import storage.part_transfers as stored_parts
from access.errors import NotFound
from access.permissions import Permission
from documents.media.upload import UploadPurpose, UploadRefusal, UploadState
from resolvers.context import Context
from resolvers.media import uploads
from resolvers.media.uploads import Announced, SignedPart
from resolvers.outcome import Outcome
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.media.upload_target import UploadTargetInput, asset_gid, destination, target_gid
from schema.scalars import BigInt
from storage.presigned_request import PresignedRequest

Info = strawberry.Info[Context, None]

describe(
    UploadState,
    "How far an upload has come.",
    {
        UploadState.PENDING: "Announced; the file is still to be sent.",
        UploadState.CHECKING: "A worker looks into the file.",
        UploadState.ATTACHED: "The file has become what it was sent for.",
        UploadState.REFUSED: "The file did not fit, for the reason given, and was deleted.",
        UploadState.CANCELED: "Called off; never shown.",
    },
)
describe(
    UploadRefusal,
    "Why a file was refused.",
    {
        UploadRefusal.SIZE_DIFFERS: "Other than the announced number of bytes arrived.",
        UploadRefusal.MISSING: "The file is no longer where it was sent to.",
        UploadRefusal.TYPE_UNSUPPORTED: "By its content it is of no type that is taken for this purpose.",
        UploadRefusal.TYPE_DIFFERS: "By its content it is of another type than was announced.",
        UploadRefusal.UNREADABLE: "It is broken, cut off, or contradicts itself.",
        UploadRefusal.DIMENSIONS: "It has too few or too many pixels, glyphs or triangles.",
        UploadRefusal.DURATION: "It is too short or too long.",
        UploadRefusal.TOO_COSTLY: "Looking into it took more time or memory than any honest file takes.",
        UploadRefusal.UNSAFE: "It holds, or refers to, what has no place in it: scripts, addresses, "
        "a second file.",
        UploadRefusal.TARGET_GONE: "What it was for was removed in the meantime.",
        UploadRefusal.OPAQUE: "Nothing in a mask is transparent, so that nothing could change.",
        UploadRefusal.TARGET_FULL: "What it was for has no room for one more.",
    },
)


@strawberry.type(description="A part of a file that has arrived.")
class UploadPart:
    """Read from `storage.part_transfers.ArrivedPart`."""

    number: int = strawberry.field(description="Counted from 1.")
    size_bytes: BigInt = strawberry.field(description="Its size in bytes.")


@strawberry.type(description="A file on its way, and what became of it.")
class Upload(relay.Node):
    """Read from `documents.media.upload.Upload`."""

    id: relay.NodeID[str]
    purpose: UploadPurpose = strawberry.field(description="What the file is to become.")
    state: UploadState = strawberry.field(description="How far it has come.")
    file_name: str = strawberry.field(description="Its name on the sender's machine.")
    mime_type: str = strawberry.field(description="Its type, as announced.")
    size_bytes: BigInt = strawberry.field(description="Its size in bytes, as announced.")
    part_size_bytes: int | None = strawberry.field(
        description="Size in bytes of each part but the last, for a file that is sent in parts; null for one "
        "that is sent at once."
    )
    parts_total: int = strawberry.field(description="How many parts the whole file has; 1 if sent at once.")
    reason: str | None = strawberry.field(description="Why it was refused, in English, for the sender.")
    reason_code: UploadRefusal | None = strawberry.field(description="Why it was refused, for programs.")
    created_at: datetime = strawberry.field(description="When it was announced.")
    expires_at: datetime = strawberry.field(description="Until when the file must have been sent.")
    revision: int = strawberry.field(description="Raised with each change.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Upload]) -> str:
        """Kind and key."""
        return document_gid("Upload", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of what it is for: a frame, a user, ….")
    def target_id(self, root: strawberry.Parent[stored.Upload]) -> str:
        """Global id of the target."""
        return target_gid(root)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of what it has become: a picture, a clip, …; of a reference image as its style or "
        "scene has it.",
    )
    def asset_id(self, root: strawberry.Parent[stored.Upload]) -> str | None:
        """Global id of the asset."""
        return asset_gid(root)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="An earlier upload of the same project, company or user that had the very same bytes.",
    )
    def duplicate_of_id(self, root: strawberry.Parent[stored.Upload]) -> str | None:
        """Global id of the other upload."""
        return None if root.duplicate_of is None else document_gid("Upload", root.duplicate_of)

    @strawberry.field(
        graphql_type=list[UploadPart],
        description="The parts that have arrived, to go on after a break; empty for a file that is sent at "
        "once, and after it was completed.",
        metadata={"cost": 10},
    )
    async def parts(
        self, root: strawberry.Parent[stored.Upload], info: Info
    ) -> Sequence[stored_parts.ArrivedPart]:
        """What is there."""
        return await uploads.arrived_parts(info.context, root)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored uploads are shown as they are."""
        return isinstance(obj, stored.Upload)


@strawberry.type(description="A header of an HTTP request.")
class HttpHeader:
    """One name and value."""

    name: str = strawberry.field(description="Such as `Content-Type`.")
    value: str = strawberry.field(description="Sent as it is.")


@strawberry.type(
    description="An HTTP request that sends a file, or a part of it, straight to the object storage."
)
class UploadRequest:
    """Read from `storage.presigned_request.PresignedRequest`."""

    method: str = strawberry.field(description="`PUT`.")
    url: str = strawberry.field(description="Where to; good for an hour, at most until `expiresAt`.")

    @strawberry.field(graphql_type=list[HttpHeader], description="Headers to send.")
    def headers(self, root: strawberry.Parent[PresignedRequest]) -> list[HttpHeader]:
        """The headers, one by one."""
        return [HttpHeader(name=name, value=value) for name, value in root.headers.items()]


@strawberry.type(description="A request that sends one part of a file.")
class SignedUploadPart:
    """Read from `resolvers.media.uploads.SignedPart`."""

    number: int = strawberry.field(description="Counted from 1.")
    size_bytes: BigInt = strawberry.field(description="How many bytes the part has.")
    request: UploadRequest = strawberry.field(description="Send the part's bytes with it.")


@strawberry.input(description="A file to upload.")
class CreateUploadInput:
    """Unpacked by `UploadMutations.create_upload`."""

    target: UploadTargetInput = strawberry.field(description="What it is for.")
    file_name: str = strawberry.field(description="Its name, 1 to 200 characters; only shown.")
    mime_type: str = strawberry.field(
        description="Its type, such as `image/png`; `UploadPurpose` says what is taken for what."
    )
    size_bytes: BigInt = strawberry.field(description="Its exact size in bytes.")
    is_resumable: bool | None = strawberry.field(
        default=None,
        description="Whether it is sent in parts, so that a broken connection costs one part at the most; "
        "null: if it has more than 33,554,432 bytes.",
    )


@strawberry.input(description="Parts of a file that are to be sent.")
class SignUploadPartsInput:
    """Unpacked by `UploadMutations.sign_upload_parts`."""

    upload_id: strawberry.ID = strawberry.field(description="Id of the upload.")
    numbers: list[int] = strawberry.field(
        description="Which parts, 1 to 100 of them, each from 1 to `partsTotal`."
    )


@strawberry.input(description="The upload whose file was sent.")
class CompleteUploadInput:
    """Unpacked by `UploadMutations.complete_upload`."""

    upload_id: strawberry.ID = strawberry.field(description="Id of the upload.")
    choose: bool | None = strawberry.field(
        default=None,
        description="Whether a candidate is chosen as soon as it is there; null: yes. Nothing else than "
        "candidates knows the difference.",
    )


@strawberry.input(description="The upload to call off.")
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
        description="The request that sends the file; null if it is sent in parts, or was refused.",
    )
    def request(self, root: strawberry.Parent[Outcome[Announced]]) -> PresignedRequest | None:
        """How to send it."""
        return None if root.result is None else root.result.request


@strawberry.type(description="What came of asking for requests that send parts.")
class SignUploadPartsPayload(Payload):
    """Over `Outcome[Sequence[SignedPart]]`."""

    @strawberry.field(
        graphql_type=list[SignedUploadPart], description="One request for each part; none if it was refused."
    )
    def parts(self, root: strawberry.Parent[Outcome[Sequence[SignedPart]]]) -> Sequence[SignedPart]:
        """The requests."""
        return root.result or []


@strawberry.type(description="What came of completing an upload.")
class CompleteUploadPayload(Payload):
    """Over `Outcome[Upload]`."""

    upload = result_field(Upload, "The upload as it is now.")


@strawberry.type(description="What came of cancelling an upload.")
class CancelUploadPayload(Payload):
    """Over `Outcome[PydanticObjectId]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the upload that is called off; null if it is not.",
    )
    def cancelled_upload_id(self, root: strawberry.Parent[Outcome[PydanticObjectId]]) -> str | None:
        """Global id of the upload."""
        return None if root.result is None else document_gid("Upload", root.result)


@strawberry.type
class UploadQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=Upload,
        description="An upload, to those who may see what it is for. Fails with `NOT_FOUND` for everybody "
        "else.",
        metadata={"cost": 5} | needs(Permission.UPLOAD),
    )
    async def upload(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the upload.")],
    ) -> stored.Upload:
        """One upload."""
        found = await uploads.visible(info.context, document_id(id, "Upload", "id"))
        if found is None:
            raise NotFound("Upload")
        return found


@strawberry.type
class UploadMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateUploadPayload,
        description="Announce a file. Send it with the request that comes back, or, where none does, in "
        "parts with those of `signUploadParts`; then call `completeUpload`. What the file is for takes a "
        "permission of its own: `PROJECT_EDIT` in projects, `ASSETS_MANAGE` and `CATALOGUE_MANAGE` in "
        "companies, `ACCOUNT_MANAGE` for the own picture. `INVALID`: a file of this type or size is not "
        "taken. "
        "`LIMIT_EXCEEDED`: too many or too large uploads of the viewer are under way.",
        metadata={"cost": 10} | needs(Permission.UPLOAD),
    )
    async def create_upload(self, info: Info, input: CreateUploadInput) -> Outcome[Announced]:
        """Announce."""
        return await uploads.create(
            info.context,
            await destination(info.context, input.target),
            file_name=input.file_name,
            mime_type=input.mime_type,
            size_bytes=input.size_bytes,
            is_resumable=input.is_resumable,
        )

    @strawberry.mutation(
        graphql_type=SignUploadPartsPayload,
        description="Requests that send parts of a file, in any order and several at a time; a part that is "
        "sent again replaces the older one. After a break, `Upload.parts` says which have arrived. "
        "`INVALID`: the upload has no such parts, has expired, or is sent at once.",
        metadata={"cost": 10} | needs(Permission.UPLOAD),
    )
    async def sign_upload_parts(
        self, info: Info, input: SignUploadPartsInput
    ) -> Outcome[Sequence[SignedPart]]:
        """Sign."""
        upload_id = document_id(input.upload_id, "Upload", "input.uploadId")
        return await uploads.sign_parts(info.context, upload_id, input.numbers)

    @strawberry.mutation(
        graphql_type=CompleteUploadPayload,
        description="Have a worker look into the file that was sent and attach it; follow the upload's "
        "`state`. Where the check failed or was canceled, another one starts. `INVALID`: the file is not "
        "there, or not whole.",
        metadata={"cost": 10} | needs(Permission.UPLOAD),
    )
    async def complete_upload(self, info: Info, input: CompleteUploadInput) -> Outcome[stored.Upload]:
        """Complete."""
        upload_id = document_id(input.upload_id, "Upload", "input.uploadId")
        return await uploads.complete(info.context, upload_id, choose=input.choose)

    @strawberry.mutation(
        graphql_type=CancelUploadPayload,
        description="Call off an upload and delete what was sent of it. `INVALID`: it is decided already.",
        metadata={"cost": 10} | needs(Permission.UPLOAD),
    )
    async def cancel_upload(self, info: Info, input: CancelUploadInput) -> Outcome[PydanticObjectId]:
        """Call off."""
        upload_id = document_id(input.upload_id, "Upload", "input.uploadId")
        return await uploads.cancel(info.context, upload_id)
