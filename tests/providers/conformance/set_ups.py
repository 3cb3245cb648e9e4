"""All providers that the suite tries. A new one adds its entry here."""

from tests.providers.conformance.elevenlabs_set_up import ELEVENLABS
from tests.providers.conformance.local_set_up import LOCAL
from tests.providers.conformance.openai_set_up import COMPATIBLE, OPENAI
from tests.providers.conformance.replicate_set_up import REPLICATE
from tests.providers.conformance.set_up import SetUp

SET_UPS: tuple[SetUp, ...] = (LOCAL, OPENAI, COMPATIBLE, REPLICATE, ELEVENLABS)
