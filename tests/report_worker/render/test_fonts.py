"""The fonts we print with have every letter we print."""

import json
import struct
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

FONTS = sorted(Path(str(files("report_worker.render") / "fonts")).glob("*.ttf"))
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"


def test_all_four_styles_are_there() -> None:
    assert [one.stem for one in FONTS] == ["Tinos-Bold", "Tinos-BoldItalic", "Tinos-Italic", "Tinos-Regular"]


@pytest.mark.parametrize("font", FONTS, ids=lambda one: one.stem)
def test_no_vietnamese_letter_is_missing(font: Path) -> None:
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)} | {"đ"}
    wanted = letters | {one.upper() for one in letters}

    assert len(wanted) == 2 * (12 * 6 + 1)
    assert wanted - set(_characters(font)) == set()


@pytest.mark.parametrize("font", FONTS, ids=lambda one: one.stem)
def test_no_sign_of_the_shipped_forms_is_missing(font: Path) -> None:
    texts = [one.read_text() for one in files("report_worker.forms").iterdir() if one.name.endswith(".json")]
    signs = {sign for text in texts for sign in json.dumps(json.loads(text), ensure_ascii=False)} | set("—−+*(),.%")

    assert signs - set(_characters(font)) == set()


def _characters(font: Path) -> Iterator[str]:
    """Yield what a TrueType file's Unicode table (cmap, format 4) has a glyph for."""
    data = font.read_bytes()
    tables = {data[at : at + 4]: struct.unpack(">L", data[at + 8 : at + 12])[0] for at in _entries(data)}
    start = tables[b"cmap"]
    count = struct.unpack(">H", data[start + 2 : start + 4])[0]
    records = [struct.unpack(">HHL", data[start + 4 + 8 * n : start + 12 + 8 * n]) for n in range(count)]
    offset = start + next(where for platform, encoding, where in records if (platform, encoding) == (3, 1))
    segments = struct.unpack(">H", data[offset + 6 : offset + 8])[0] // 2
    ends = struct.unpack(f">{segments}H", data[offset + 14 : offset + 14 + 2 * segments])
    first = offset + 16 + 2 * segments
    starts = struct.unpack(f">{segments}H", data[first : first + 2 * segments])
    for low, high in zip(starts, ends, strict=True):
        yield from map(chr, range(low, high + 1))


def _entries(data: bytes) -> range:
    count = struct.unpack(">H", data[4:6])[0]
    return range(12, 12 + 16 * count, 16)
