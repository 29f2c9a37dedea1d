"""The order of a Vietnamese word list."""

import unicodedata

# Letters first, then tones: level, grave, hook, tilde, acute, dot below.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def sort_key(text: str) -> tuple[list[int], list[int], str]:
    """Return a key that sorts as a Vietnamese dictionary does: letters, then tones, then the text itself."""
    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text.lower()):
        marks = unicodedata.normalize("NFD", character)
        tone = next((_TONES.index(mark) + 1 for mark in marks if mark in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        letters.append(_ALPHABET.find(bare) + len(_ALPHABET) if bare in _ALPHABET else min(ord(bare[0]), 32))
        tones.append(tone)
    return letters, tones, text
