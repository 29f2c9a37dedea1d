"""The catalogue of counts and indicators as it is answered."""

from pydantic import BaseModel

from indicator_api.domain.count_meanings import MEANINGS
from indicator_api.domain.counts import Count
from indicator_api.domain.formulae import CountedFrom, Definition
from indicator_api.domain.selection import Dimension
from indicator_api.domain.wording import Wording
from shared.http.paging import Page


class WordingResponse(BaseModel):
    """One text in both languages."""

    vi: str
    en: str


class DefinitionResponse(BaseModel):
    """One indicator of the catalogue; `dimensions` are those it can be narrowed and grouped by.

    `limits` says where the figure falls short of its source.
    """

    id: str
    definition_version: int
    meaning: WordingResponse
    formula: WordingResponse
    source: str
    counted_from: CountedFrom
    limits: WordingResponse | None
    dimensions: list[Dimension]


class CountDefinitionResponse(BaseModel):
    """One count of the catalogue: its heading, what it counts, and where that stands written."""

    id: Count
    definition_version: int
    name: WordingResponse
    meaning: WordingResponse
    source: str


class CatalogueResponse(Page[DefinitionResponse]):
    """Every indicator, and every count they are made of."""

    counts: list[CountDefinitionResponse]


def described(definition: Definition) -> DefinitionResponse:
    """Return one entry of the catalogue."""
    return DefinitionResponse(
        id=definition.id,
        definition_version=definition.version,
        meaning=worded(definition.meaning),
        formula=worded(definition.formula),
        source=definition.source,
        counted_from=definition.counted_from,
        limits=worded(definition.limits) if definition.limits else None,
        dimensions=[dimension for dimension in Dimension if dimension in definition.dimensions],
    )


def described_count(count: Count) -> CountDefinitionResponse:
    """Return one count of the catalogue."""
    meaning = MEANINGS[count]
    return CountDefinitionResponse(
        id=count,
        definition_version=meaning.version,
        name=worded(meaning.name),
        meaning=worded(meaning.meaning),
        source=meaning.source,
    )


def worded(wording: Wording) -> WordingResponse:
    """Return a text in both languages."""
    return WordingResponse(vi=wording.vi, en=wording.en)
