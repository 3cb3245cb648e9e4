"""The font shelf: open fonts that together hold the glyphs of a text.

Latin, Greek and Cyrillic come from Roboto, which pip installs. Faces for other scripts are fetched into a
cache folder when they are first needed, or all at once ahead of time. A text is never drawn with a font that
lacks its glyphs: libass would leave gaps or boxes and still report success.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import font_roboto
from fontTools.ttLib import TTFont

from rendering.fonts_brand import prepared
from rendering.fonts_fetch import PackageFetcher, cached_face, npm_pack
from rendering.fonts_table import BY_KEY, PACKAGES
from rendering.fonts_text import (
    clusters,
    glyphs_needed,
    is_cjk,
    is_emoji,
    plain_text,
    script_name,
    script_of,
)

_BY_SCRIPT: Final = {
    "Arab": "arabic",
    "Hebr": "hebrew",
    "Deva": "devanagari",
    "Beng": "bengali",
    "Taml": "tamil",
    "Thai": "thai",
    "Hira": "jp",
    "Kana": "jp",
    "Hang": "kr",
    "Bopo": "tc",
}
_CJK: Final = ("sc", "tc", "jp", "kr")
_SYMBOLS: Final = ("emoji", "symbols_2", "symbols")
_SHARED_SCRIPTS: Final = frozenset({"Zyyy", "Zinh", "Zzzz"})
_TRADITIONAL: Final = frozenset({"tw", "hk", "mo", "hant"})


class MissingGlyphs(Exception):
    """No font on the shelf draws these characters.

    `characters` are the missing ones in the order of the text, each once; `scripts` names their scripts.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        self.characters = tuple(missing)
        self.scripts = tuple(dict.fromkeys(script_name(cluster) for cluster in missing))
        shown = ", ".join(
            f"{cluster} ({' '.join(f'U+{ord(sign):04X}' for sign in cluster)})" for cluster in missing[:10]
        )
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""  # noqa: PLR2004 - the list above
        super().__init__(f"No font here draws {shown}{more}; script: {', '.join(self.scripts)}.")


@dataclass(frozen=True, slots=True)
class Face:
    """One static font file.

    `family` is the name by which libass finds it; `weight` is 100 to 900. `ascent` and `descent` are the
    line's reach above and below the baseline as libass takes it, in em.
    """

    family: str
    path: Path
    sha256: str
    weight: int
    ascent: float
    descent: float
    coverage: frozenset[int] = field(repr=False, compare=False)

    @property
    def size_per_em(self) -> float:
        """The ASS font size that gives letters an em of 1: libass sizes the whole line, not the em."""
        return self.ascent + self.descent

    def covers(self, cluster: str) -> bool:
        """Whether the face has a glyph for each character that needs one."""
        return all(ord(sign) in self.coverage for sign in glyphs_needed(cluster))


class FontShelf:
    """Picks faces for texts, fetching those that are not there yet.

    Args:
        cache_dir: where fetched faces are kept, shared by all processes of a machine.
        fetch: brings a package's file; None never fetches, and what is not cached is unavailable.
    """

    def __init__(self, cache_dir: Path, fetch: PackageFetcher | None = npm_pack) -> None:
        self._cache_dir = cache_dir
        self._fetch = fetch
        self._loaded: dict[str, Face] = {}

    def brand_face(self, path: Path, sha256: str) -> Face:
        """Return the face of a font that somebody sent. Blocks while it is made fit for captions.

        Raises:
            SourceUnreadable: it cannot be used.
        """
        if sha256 not in self._loaded:
            self._loaded[sha256] = load_face(prepared(path, sha256, self._cache_dir))
        return self._loaded[sha256]

    def faces_for(self, text: str, language: str, *, brand: Face | None = None) -> tuple[Face, ...]:
        """Return the faces that draw the text, in the order in which they are to be tried.

        A brand's own face comes first; the shelf's draw what it does not. The language (BCP 47) decides how
        characters look that Chinese, Japanese and Korean share. May block for as long as a download takes:
        call it outside of the event loop.

        Raises:
            MissingGlyphs: no face draws some of the characters.
            FontUnavailable: a face is needed that is neither cached nor could be fetched.
        """
        faces, missing = self._search(text, language, brand)
        if missing:
            raise MissingGlyphs(missing)
        return faces

    def missing(self, text: str, language: str) -> tuple[str, ...]:
        """Return the characters that no face draws, each once, in the order of the text.

        Raises:
            FontUnavailable: a face is needed that is neither cached nor could be fetched.
        """
        return self._search(text, language)[1]

    def fetch_all(self) -> None:
        """Fetch every face that is not cached yet.

        Raises:
            FontUnavailable: one could not be fetched.
        """
        for package in PACKAGES:
            cached_face(package, self._cache_dir, self._fetch)

    def _search(
        self, text: str, language: str, brand: Face | None = None
    ) -> tuple[tuple[Face, ...], tuple[str, ...]]:
        """Return the faces needed, and the clusters that none draws."""
        every = dict.fromkeys(clusters(plain_text(text)))
        needed = {one: None for one in every if brand is None or is_emoji(one) or not brand.covers(one)}
        chosen = {"roboto": self._face("roboto")}
        missing: list[str] = []
        han = _han_face(language, needed)
        # Letters choose the faces first, so that signs which several fonts have join the letters' font.
        for cluster in sorted(needed, key=lambda one: script_of(one) in _SHARED_SCRIPTS):
            if any(face.covers(cluster) for face in chosen.values()) and not is_emoji(cluster):
                continue
            for key in _candidates(cluster, han):
                if self._face(key).covers(cluster):
                    chosen[key] = self._face(key)
                    break
            else:
                missing.append(cluster)
        # A face of the text's own language draws its Latin letters too: they are made to go together.
        first = [face for key, face in chosen.items() if key == han and _is_cjk_language(language)]
        # Symbols go last: theirs are thin, and an emoji font draws what both have.
        ranked = sorted(chosen, key=lambda key: _SYMBOLS.index(key) if key in _SYMBOLS else -1)
        rest = [chosen[key] for key in ranked if chosen[key] not in first]
        order = list(needed)
        own = () if brand is None else (brand,)
        return (*own, *first, *rest), tuple(sorted(missing, key=order.index))

    def _face(self, key: str) -> Face:
        if key not in self._loaded:
            if key == "roboto":
                path = Path(font_roboto.RobotoBlack)
            else:
                path = cached_face(BY_KEY[key], self._cache_dir, self._fetch)
            self._loaded[key] = load_face(path)
        return self._loaded[key]


def load_face(path: Path) -> Face:
    """Read a font file's name, weight, line height and coverage."""
    with TTFont(path, lazy=True) as font:
        em = font["head"].unitsPerEm
        windows = font["OS/2"]
        return Face(
            family=font["name"].getName(1, 3, 1).toUnicode(),
            path=path,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            weight=windows.usWeightClass,
            ascent=windows.usWinAscent / em,
            descent=windows.usWinDescent / em,
            coverage=frozenset(font.getBestCmap()),
        )


def face_directory(faces: Iterable[Face], into: Path) -> Path:
    """Fill a folder with these faces and nothing else: libass loads every file of its font folder.

    The files are hard links where the file system allows, copies elsewhere, named by their hash.
    """
    into.mkdir(parents=True, exist_ok=True)
    for face in faces:
        target = into / f"{face.sha256}.ttf"
        if target.exists():
            continue
        try:
            os.link(face.path, target)
        except OSError:
            part = target.with_suffix(f".{os.getpid()}.part")
            shutil.copyfile(face.path, part)
            part.replace(target)
    return into


def _candidates(cluster: str, han: str) -> tuple[str, ...]:
    """Return the keys of the faces that may draw the cluster, best first."""
    if is_emoji(cluster):
        return ("emoji", *_SYMBOLS[1:], "roboto")
    if is_cjk(cluster):
        first = han if script_of(cluster) in {"Hani", "Zyyy"} else _BY_SCRIPT[script_of(cluster)]
        return (first, *(key for key in _CJK if key != first))
    key = _BY_SCRIPT.get(script_of(cluster))
    if key is not None:
        return (key,)
    return (*_SYMBOLS, han) if script_of(cluster) in _SHARED_SCRIPTS else ()


def _han_face(language: str, text: Iterable[str]) -> str:
    """Choose among the regional forms of Han characters: by language, then by the company they keep."""
    main, *rest = language.lower().split("-")
    if main in {"zh", "cmn", "yue"}:
        return "tc" if main == "yue" or _TRADITIONAL.intersection(rest) else "sc"
    if main in {"ja", "ko"}:
        return "jp" if main == "ja" else "kr"
    scripts = {script_of(cluster) for cluster in text}
    if scripts & {"Hira", "Kana"}:
        return "jp"
    return "kr" if "Hang" in scripts else "sc"


def _is_cjk_language(language: str) -> bool:
    return language.lower().split("-")[0] in {"ja", "ko", "zh", "cmn", "yue"}
