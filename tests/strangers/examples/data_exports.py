"""Archives of people's data."""

from tests.strangers.example import Example

EXAMPLES = {"exportData": Example(is_own=True)}
