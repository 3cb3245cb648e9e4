"""What a persona is told before it talks."""

from providers.language.sheet import MATERIAL_RULES, Sheet
from providers.protocols.chat import Conversation

SYSTEM = """\
You talk with somebody who makes short videos. Stay in the role that is described above. Answer in the \
language that they write in, in plain text, briefly unless they ask for more. What you do not know, say \
so. You cannot change the project yourself: say what to do instead."""


def chat_system(conversation: Conversation) -> str:
    """The system's part of the talk: the role, the habits, and what is known of the project."""
    parts = [conversation.persona.instructions.strip(), SYSTEM]
    if conversation.context.strip():
        known = Sheet().material("project", conversation.context).prompt("")
        parts += [MATERIAL_RULES, known.user]
    return "\n\n".join(part for part in parts if part)
