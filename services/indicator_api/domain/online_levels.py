"""Online levels of three decrees on one scale."""

from collections.abc import Collection

# Rule: domain section 0. NĐ 43/2011 has levels 1-4; NĐ 42/2022 and, from 2026-07-01, NĐ 224/2026 have
# full (toàn trình, read as 4) and partial (một phần, read as 3). NĐ 224's proactive levels are another scale.
LEVELS = {
    "nd43:1": 1,
    "nd43:2": 2,
    "nd43:3": 3,
    "nd43:4": 4,
    "nd42:partial": 3,
    "nd42:full": 4,
    "nd224:partial": 3,
    "nd224:full": 4,
}


def labels_at(levels: Collection[int]) -> frozenset[str]:
    """Return every `scheme:value` that counts as one of the levels; the level is exact, not cumulative."""
    return frozenset(label for label, level in LEVELS.items() if level in levels)


def labels_meant(text: str) -> frozenset[str]:
    """Return the labels a reader means by `4` (any decree's) or by `nd43:4` (that very one)."""
    return labels_at({int(text)}) if text.isdecimal() else frozenset({text})
