"""What a provider's error means to the job engine: wait, try again, or give up, with a code for clients."""

from typing import Final

from providers.errors import (
    CapabilityUnsupported,
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from tasks.job_engine.work import Hopeless, Retryable

_CODES: Final[tuple[tuple[type[ProviderError], str], ...]] = (
    (ContentRefused, "CONTENT_REFUSED"),
    (CapabilityUnsupported, "UNSUPPORTED"),
    (InvalidRequest, "INVALID"),
    (KeyRefused, "KEY_REFUSED"),
    (ProviderUnavailable, "PROVIDER_UNAVAILABLE"),
)
"""The first class that an error is of tells its code; services have subclasses of their own."""


def for_engine(error: ProviderError) -> Retryable | Hopeless:
    """The error as the engine and the person who waits understand it."""
    code = next(code for kind, code in _CODES if isinstance(error, kind))
    if isinstance(error, ProviderUnavailable) and error.retryable:
        return Retryable(
            code, str(error), after_s=error.retry_after_s, is_wait=isinstance(error, ProviderBusy)
        )
    return Hopeless(code, str(error))
