"""What is said for what is written in a frame."""

from functools import lru_cache

from documents.tree.inputs import VoiceInputs
from providers.spoken.lexicon import Pronunciation
from providers.spoken.text import SpokenText, as_it_stands, spoken_text


def narration(inputs: VoiceInputs) -> SpokenText:
    """The narration as it is read aloud; a text of the voice's own is spoken as it stands."""
    if inputs.has_own_text:
        return as_it_stands(inputs.text, inputs.language)
    lexicon = [Pronunciation(written, spoken) for written, spoken in inputs.lexicon]
    return spoken_text(inputs.text, inputs.language, lexicon)


@lru_cache(maxsize=2_000)  # whole projects are foreseen again and again
def spoken_letters(inputs: VoiceInputs) -> int:
    """How many characters are read aloud, which is what speakers charge for."""
    return len(narration(inputs).text)
