"""Vietnamese or English, as the reader's `Accept-Language` asks."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from starlette.requests import Request


class Language(StrEnum):
    """The languages every text for people is written in."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    vi: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


def language_of(request: Request) -> Language:
    """Return the language the reader prefers; Vietnamese where neither or nothing is asked for."""
    return preferred(request.headers.get("accept-language", ""))


# Readers send the same few headers over and over.
@lru_cache(maxsize=64)
def preferred(accept_language: str) -> Language:
    """Return the best match of an Accept-Language header."""
    best, best_weight = Language.VI, 0.0
    for choice in accept_language.split(","):
        tag, _, parameters = choice.strip().partition(";")
        weight = _weight(parameters)
        for language in Language:
            if tag.lower().split("-")[0] == language and weight > best_weight:
                best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    _, _, q = parameters.lower().partition("q=")
    try:
        return float(q) if q else 1.0
    except ValueError:
        return 0.0
