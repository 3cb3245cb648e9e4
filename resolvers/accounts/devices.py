"""What a session runs on, guessed from how its browser or program named itself."""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found counts: most browsers claim to be older ones as well."""
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST_PRODUCT: Final = 40


def device(user_agent: str) -> str:
    """The device in a few words, such as `Firefox on Linux`; of a program its first word."""
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    if browser is not None:
        return browser if system is None else f"{browser} on {system}"
    product = user_agent.split(" ", maxsplit=1)[0].partition("/")[0]
    clean = "".join(sign for sign in product if sign.isprintable())[:_LONGEST_PRODUCT]
    return clean or "Unknown device"
