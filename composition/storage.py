"""The bucket, out of the settings."""

from settings.sections import Storage
from storage.object_store import ObjectStore


def object_store(storage: Storage) -> ObjectStore:
    """The bucket."""
    scheme = "https" if storage.s3_secure else "http"
    public = storage.s3_public_endpoint
    return ObjectStore(
        endpoint=f"{scheme}://{storage.s3_endpoint}",
        public_endpoint=f"{scheme}://{public}" if public and "://" not in public else public or None,
        access_key=storage.s3_access_key.get_secret_value(),
        secret_key=storage.s3_secret_key.get_secret_value(),
        bucket=storage.s3_bucket,
        region=storage.s3_region,
    )
