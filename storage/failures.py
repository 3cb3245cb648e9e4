"""How the S3 library says that something failed, and what that means to us."""

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError

from storage.errors import ObjectMissing, RangeRefused, StorageError, StorageRefused, StorageUnavailable

REPORTED = (MinioException, HTTPError)

NOT_FOUND = 404
RANGE_NOT_SATISFIABLE = 416
TOO_MANY_REQUESTS = 429
SERVER_IN_TROUBLE = 500
PASSING_CODES = frozenset({"SlowDown", "RequestTimeout", "ServiceUnavailable", "InternalError"})


def translated(failure: BaseException, *, key: str, offset: int) -> StorageError:
    """The error of ours that tells what the library's failure means for this key and offset."""
    if isinstance(failure, S3Error):
        status, code = failure.response.status, failure.code or "without a code"
    elif isinstance(failure, ServerError):
        status, code = failure.status_code, f"status {failure.status_code}"
    elif isinstance(failure, InvalidResponseError):
        # Some servers answer in plain text, a missing key too; the library keeps the status to itself.
        status, code = failure._code, f"status {failure._code}"  # noqa: SLF001
    else:
        return StorageUnavailable(str(failure) or type(failure).__name__)
    if code == "NoSuchKey" or (status == NOT_FOUND and key and code != "NoSuchBucket"):
        return ObjectMissing(key)
    if status == RANGE_NOT_SATISFIABLE:
        return RangeRefused(key, offset)
    if status >= SERVER_IN_TROUBLE or status == TOO_MANY_REQUESTS or code in PASSING_CODES:
        return StorageUnavailable(code)
    return StorageRefused(code)
