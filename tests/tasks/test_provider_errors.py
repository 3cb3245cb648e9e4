"""Whatever a service raises has a code; its own kinds of errors count as what they are."""

import pytest

from providers.elevenlabs.errors import RightMissing
from providers.errors import (
    CapabilityUnsupported,
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.replicate.files import Expired
from providers.replicate.transport import Missing
from tasks.buying.provider_errors import for_engine
from tasks.job_engine.work import Hopeless, Retryable


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ContentRefused("x", "No."), "CONTENT_REFUSED"),
        (CapabilityUnsupported("clip", "Nobody does.", setting="KEY"), "UNSUPPORTED"),
        (InvalidRequest("prompt", "Too long."), "INVALID"),
        (KeyRefused("x", "Wrong."), "KEY_REFUSED"),
        (RightMissing("x", "Not allowed."), "KEY_REFUSED"),
        (ProviderUnavailable("x", "Gone.", retryable=False), "PROVIDER_UNAVAILABLE"),
        (Missing("x", "No such model.", retryable=False), "PROVIDER_UNAVAILABLE"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_does_not_pass_ends_the_job_with_its_code(error: ProviderError, code: str) -> None:
    told = for_engine(error)
    assert isinstance(told, Hopeless)
    assert (told.code, told.message) == (code, str(error))


@pytest.mark.parametrize(
    ("error", "is_wait"),
    [
        (ProviderBusy("x", "Busy.", retry_after_s=7), True),
        (ProviderUnavailable("x", "Down.", retry_after_s=7), False),
        (Expired("x", "Too late.", retry_after_s=7), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_may_pass_is_tried_again_when_the_provider_says(error: ProviderError, is_wait: bool) -> None:  # noqa: FBT001
    told = for_engine(error)
    assert isinstance(told, Retryable)
    assert (told.code, told.after_s, told.is_wait) == ("PROVIDER_UNAVAILABLE", 7, is_wait)
