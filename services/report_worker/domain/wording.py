"""Texts that a form keeps in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One text of a form in both languages."""

    vi: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.vi
