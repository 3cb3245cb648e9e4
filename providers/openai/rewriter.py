"""Parts of a script in other words."""

from typing import ClassVar

from providers.language.prompts.rewriting import Rewriting, rewriting_prompt
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import frame, is_said
from providers.protocols.offer import Capability
from providers.protocols.script import RewriteRequest, RewrittenFrames


class OpenAiRewriter(Maker):
    """Tells a part differently, in its context."""

    capability: ClassVar[Capability] = Capability.REWRITE

    async def rewrite(self, request: RewriteRequest) -> RewrittenFrames:
        """Rewrite the frames; as many come back."""
        model = request.model or self._model
        meter = self._connection.meter(model)

        def check(made: Rewriting) -> Complaint:
            if len(made.frames) != len(request.frames):
                return Complaint(f"it has {len(made.frames)} frames; {len(request.frames)} are asked for.")
            if not all(is_said(each.narration) for each in made.frames):
                return Complaint("nothing is said in one of its frames.")
            return NO_COMPLAINT

        made = await ask(
            self._connection,
            meter,
            rewriting_prompt(request),
            Rewriting,
            wish=Wish(model, request.persona),
            check=check,
        )
        return RewrittenFrames(
            frames=tuple(
                frame(new, otherwise=old.picture_prompt)
                for new, old in zip(made.frames, request.frames, strict=True)
            ),
            usage=meter.usage(),
        )
