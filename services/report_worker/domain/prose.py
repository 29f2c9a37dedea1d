"""A narrative as it will be read: paragraphs, tables and charts in which every number knows its figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from report_worker.domain.narratives import Style


@dataclass(frozen=True)
class Span:
    """A run of text; `bound_to` names the figure (`received_total`, `received_total@year_ago`) or fact it prints."""

    text: str
    bound_to: str | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in runs."""

    style: Style
    spans: Spans

    @property
    def text(self) -> str:
        """Return it as one text."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Table:
    """A table; the first column holds words, the others what is bound to figures."""

    caption: str
    heading: tuple[str, ...]
    rows: tuple[Spans, ...]


@dataclass(frozen=True)
class Part:
    """One part of a bar: the figure, its count and the count as printed."""

    figure: str
    count: int
    printed: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """Return what its parts add up to."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Chart:
    """Bars of parts that add up to a whole; `series` names the parts in their order."""

    caption: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]


Block = Paragraph | Table | Chart


def numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Number the sections I, II, III…; a heading that nothing follows is left out."""
    waiting: Paragraph | None = None
    number = 0
    for block in blocks:
        if isinstance(block, Paragraph) and block.style is Style.HEADING:
            waiting = block
            continue
        if waiting is not None:
            number += 1
            yield Paragraph(waiting.style, (Span(f"{roman(number)}. "), *waiting.spans))
            waiting = None
        yield block


def roman(number: int) -> str:
    """Return a section's number; no report has forty."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


@dataclass(frozen=True)
class Cover:
    """What stands above and below the text.  Rule: NĐ 30/2020/NĐ-CP, Phụ lục I.

    Number and day are left to the hand that signs: `number` and `dateline` have room for them.
    """

    superior: str | None
    agency: str
    number: str
    dateline: str
    kind: str
    subject_line: str
    signature: tuple[str, ...]
    recipients: tuple[str, ...]
