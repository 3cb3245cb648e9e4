"""The own profile: what others see of a person, and the language in which the person is addressed."""

from typing import Any

from documents.accounts.user import User
from resolvers.accounts.account_texts import language_tag, person_name
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError
from resolvers.tree.changes import nothing_given


async def update(context: Context, values: dict[str, Any]) -> Outcome[User]:
    """Set name or locale of the viewer.

    Args:
        context: the operation's.
        values: `name`, `locale` or both, as the client gave them.
    """
    viewer = context.require_viewer()
    if not values:
        return nothing_given()
    faults: list[UserError] = []
    checks = {"name": person_name, "locale": language_tag}
    good = {name: checks[name](value, faults) for name, value in values.items()}
    if faults:
        return Outcome(user_errors=faults)
    return Outcome(await User.set_profile(viewer.user_id, good, now=context.services.now()))
