"""Which open fonts there are beyond the ones that pip brings, pinned to the byte.

Each row names one static face inside one published npm package. All of these fonts carry the SIL Open Font
License 1.1, which allows burning them into pictures and passing the files on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FontPackage:
    """One face of one package.

    `integrity` is the package file's SHA-512 as npm writes it, `member` the face's path inside, `sha256` the
    face's own hash in hexadecimal.
    """

    key: str
    package: str
    version: str
    integrity: str
    member: str
    sha256: str
    licence: str = "OFL-1.1"

    @property
    def file_name(self) -> str:
        """The name of the extracted face in a font cache; another version has another name."""
        return f"{self.member.rpartition('/')[2].removesuffix('.ttf')}-{self.version}.ttf"


PACKAGES: Final = (
    FontPackage(
        "jp",
        package="@expo-google-fonts/noto-sans-jp",
        version="0.4.3",
        integrity="sha512-Fl+Z6vtD24HFAYsvzB0S9Nery1ly16B9PesdY0wBd+wEHAvkNglnkTUspU0HqGOubkmoa8zusJrKv6vDx1o70A==",
        member="package/900Black/NotoSansJP_900Black.ttf",
        sha256="b731cbfe601c4d95eaa3b4793700735dba0d913088ef16f26195326debf237aa",
    ),
    FontPackage(
        "kr",
        package="@expo-google-fonts/noto-sans-kr",
        version="0.4.3",
        integrity="sha512-EVS/uJPcf1TgJtjmQmrFr0oGdcl7ml09CSu0E/AyGzR0UfzdR2pBbzWWPsnuzZiGUl643ODYwYiXK5+B+fLjhQ==",
        member="package/900Black/NotoSansKR_900Black.ttf",
        sha256="97f222aa1479267310da91e63adc8c8b69e24b93ff5791490cd4f8b70842895f",
    ),
    FontPackage(
        "sc",
        package="@expo-google-fonts/noto-sans-sc",
        version="0.4.3",
        integrity="sha512-9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
        member="package/900Black/NotoSansSC_900Black.ttf",
        sha256="2e4413c405bdf804f26571579b9b2dd8ea4732ea57a3b034f2467cad45a886e0",
    ),
    FontPackage(
        "tc",
        package="@expo-google-fonts/noto-sans-tc",
        version="0.4.3",
        integrity="sha512-69XAOTLPz0WlAxL6qJEKlDMxHsBd4J1M39HjV0gPF2o1xWVALOsVWvDgistnecVockA9wbU/tH5C/gyS2PdnHg==",
        member="package/900Black/NotoSansTC_900Black.ttf",
        sha256="d68c9ab3c2f80abbbac419a913ad674a83849b7416157c75b0c3f12c7ee68910",
    ),
    FontPackage(
        "arabic",
        package="@expo-google-fonts/noto-sans-arabic",
        version="0.4.3",
        integrity="sha512-YvtxyuegxPegu2g5urXJ+gQxRp8i798nQswTmEjwXOWR/fqy0Gvey6h5IoNRBrc43SxRxPezqCiR9ivpfPAXSg==",
        member="package/900Black/NotoSansArabic_900Black.ttf",
        sha256="590e368161b4bfbeb9aad348ddc8832a05a60212821f02a2e380ecf0333f5d02",
    ),
    FontPackage(
        "hebrew",
        package="@expo-google-fonts/noto-sans-hebrew",
        version="0.4.1",
        integrity="sha512-NR3vP6GT/hSINLrk4JHJBQnuzh/C1mlMrphNlI2dQaO53a3oTjSRoG4JyYb1B6bHadjsGh0wPZbT4kMJBKjT/w==",
        member="package/900Black/NotoSansHebrew_900Black.ttf",
        sha256="c51aa4df24a11df15d04bd0b2be2593deb1e0e234a670d8886e61bbbc3ed8464",
    ),
    FontPackage(
        "devanagari",
        package="@expo-google-fonts/noto-sans-devanagari",
        version="0.4.1",
        integrity="sha512-26boYPNKGP1r4R5MxsMAY/zCQOwiXLOJzX8sh1a2oEWyQurQsyniaCv4992c+9jjwshEEt2NNVv5GcnyzaL7QQ==",
        member="package/900Black/NotoSansDevanagari_900Black.ttf",
        sha256="a4e462613ba5891021d2934f2f9194630b6098e9134ad512b41433efdb5c2c8c",
    ),
    FontPackage(
        "bengali",
        package="@expo-google-fonts/noto-sans-bengali",
        version="0.4.4",
        integrity="sha512-Ya58tLTEdP4P5EF3ZXTM829/g57mbfW8OrD16MMZr2sC3nIKItl/3J9tZlk1nrtqfFGzIgxb+zt/hLjAaTAQgQ==",
        member="package/900Black/NotoSansBengali_900Black.ttf",
        sha256="6c95a791ce7bfeee883c78f546876ba5bea21b74a4c6f552815eff7464d38367",
    ),
    FontPackage(
        "tamil",
        package="@expo-google-fonts/noto-sans-tamil",
        version="0.4.3",
        integrity="sha512-1TBkwJ8gJPnt1UIC+um987hYb/QmRDATGKbtwDW6dajISxr8b7+EVjwMESMJaQxfNS8VWE4IBT2jYmpBGw4D+w==",
        member="package/900Black/NotoSansTamil_900Black.ttf",
        sha256="1da7869cf4c833c7201c9b82e7aadb3b703b24fc4f61e4a25d3dc2c7f785cdcf",
    ),
    FontPackage(
        "thai",
        package="@expo-google-fonts/noto-sans-thai",
        version="0.4.2",
        integrity="sha512-PGBBBDGfJJ/5y2hNweLBZWD4YmVT4uOO4chsOPXyl0TktaBJamDKVKv/WbGiDTeBGdkegLiytsWo+lhnkHP5qA==",
        member="package/900Black/NotoSansThai_900Black.ttf",
        sha256="1208d84963bbfbd74e379bc6ed22b79bdfd2372c2833ed88e1c5c69297b51b69",
    ),
    FontPackage(
        "emoji",
        package="@expo-google-fonts/noto-emoji",
        version="0.4.7",
        integrity="sha512-Gs7URwtKmCzzdGUTYbG8MIohyaQPgGxIaQG5hvyEAaQiEGJpQy6gyP3NDICE0EJkOJFoe1JFD3Hf1L4a3qe4KA==",
        member="package/700Bold/NotoEmoji_700Bold.ttf",
        sha256="4a3232c18f9c6312d34eb5b3ddc670c2060ff15f42d584c8aca331b6205c6ad9",
    ),
    FontPackage(
        "symbols_2",
        package="@expo-google-fonts/noto-sans-symbols-2",
        version="0.4.1",
        integrity="sha512-jFymG5s4OLlXpy9E9FQvSXpSnf43BIYcJiPXEHSw6LFNvbahkjmUWb/cj4vsX/KdUksGLTPbjB9iRuu8L3yJ8A==",
        member="package/400Regular/NotoSansSymbols2_400Regular.ttf",
        sha256="f67f40c65f929f029827ab37cfdc4897dfd9ae3c28d9e98ba46e0d52e39eb97e",
    ),
    FontPackage(
        "symbols",
        package="@expo-google-fonts/noto-sans-symbols",
        version="0.4.1",
        integrity="sha512-LlXM1nLfz0FO1UA/COHlVau8DcDsvex3uWVA/BqeT8tJt+Hk8ju5XfmoShdjiW8IP4Z3ukKp7VFh4DDmNImYKA==",
        member="package/900Black/NotoSansSymbols_900Black.ttf",
        sha256="2eb0ff0189d48f760e3102a006305d895ca0ac23f0101a65a7ecf716c63c6bfd",
    ),
)

BY_KEY: Final[Mapping[str, FontPackage]] = {font.key: font for font in PACKAGES}
