"""A text in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One text in Vietnamese and in English."""

    vi: str
    en: str
