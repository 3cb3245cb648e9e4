"""Picture prompts in better words."""

from typing import ClassVar

from providers.language.prompts.picture_prompt import BetterPrompt, picture_prompt
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import is_said, one_line
from providers.protocols.analysis import OptimisedPrompt, PromptRequest
from providers.protocols.offer import Capability


class OpenAiPromptWriter(Maker):
    """Says picture prompts better."""

    capability: ClassVar[Capability] = Capability.PROMPT

    async def optimise(self, request: PromptRequest) -> OptimisedPrompt:
        """Rewrite the prompt; what it shows stays the same."""
        model = request.model or self._model
        meter = self._connection.meter(model)
        better = await ask(
            self._connection,
            meter,
            picture_prompt(request),
            BetterPrompt,
            wish=Wish(model),
            check=_complaint,
        )
        return OptimisedPrompt(
            prompt=one_line(better.prompt),
            negative_prompt=one_line(better.negative_prompt),
            usage=meter.usage(),
        )


def _complaint(better: BetterPrompt) -> Complaint:
    return NO_COMPLAINT if is_said(better.prompt) else Complaint("the prompt is empty.")
