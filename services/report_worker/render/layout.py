"""What the printed documents of a narrative share: labels, column widths, notes, the words of the frame."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, assert_never

from report_worker.domain.figures import NarrativeFigures
from report_worker.domain.forms import LEVEL_NAMES, TOTAL
from report_worker.domain.printing import print_count
from report_worker.domain.prose import Bar, Block, Chart, Cover, Paragraph, Table
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.workbook import source_line

# Rule: NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.1.
FRAME = {
    "vi": {
        "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "motto": "Độc lập - Tự do - Hạnh phúc",
        "recipients": "Nơi nhận:",
        "table": "Bảng",
        "chart": "Biểu đồ",
        "note": "Ghi chú",
    },
    "en": {
        "nation": "SOCIALIST REPUBLIC OF VIET NAM",
        "motto": "Independence - Freedom - Happiness",
        "recipients": "Recipients:",
        "table": "Table",
        "chart": "Chart",
        "note": "Note",
    },
}
# Rule: NĐ 30/2020, Phụ lục I, mục I.3: A4 less 30 mm on the left and 15 mm on the right.
TEXT_WIDTH_MM = 165.0
_NARROW_MM, _WIDE_MM, _WIDEST_NUMBER_MM, _FEW = 29.0, 48.0, 32.0, 5
_WHOLE = 100.0
_NUMBER = re.compile(r"[+−]?\d|—$")


def labelled(blocks: tuple[Block, ...], language: str) -> Iterator[tuple[Block, str]]:
    """Yield each block with its caption, tables and charts numbered apart; a paragraph has none."""
    tables = charts = 0
    for block in blocks:
        match block:
            case Paragraph():
                yield block, ""
            case Table():
                tables += 1
                yield block, f"{FRAME[language]['table']} {tables}. {block.caption}"
            case Chart():
                charts += 1
                yield block, f"{FRAME[language]['chart']} {charts}. {block.caption}"
            case _:
                assert_never(block)


def notes_of(figures: NarrativeFigures, order: ReportOrder, content: Content) -> list[str]:
    """Return what stands in small type below the text: remarks, then where the figures come from."""
    first, *others = (*figures.remarks, source_line(order, content))
    return [f"{FRAME[order.language]['note']}: {first}", *others]


def widths_mm(table: Table) -> list[float]:
    """Return the widths of a table's columns: the numbers alike, the words before them what is left."""
    others = len(table.heading) - 1
    least = _NARROW_MM if others > _FEW else _WIDE_MM
    each = min(_WIDEST_NUMBER_MM, (TEXT_WIDTH_MM - least) / others)
    return [TEXT_WIDTH_MM - others * each, *[each] * others]


def has_words(table: Table) -> bool:
    """Say whether a cell after the first holds anything but a number."""
    return any(not _NUMBER.match(cell.text) for row in table.rows for cell in row[1:])


def has_sums(table: Table, language: str) -> bool:
    """Say whether the last row is the sum of the others."""
    return bool(table.rows) and table.rows[-1][0].text == LEVEL_NAMES[TOTAL][language]


def chart_data(chart: Chart, caption: str, language: str) -> dict[str, Any]:
    """Return a chart as the typesetter draws it; bars of nothing are left out."""
    bars = [_bar_data(bar, language) for bar in chart.bars if bar.total]
    return {"kind": "chart", "caption": caption, "series": list(chart.series), "bars": bars}


def _bar_data(bar: Bar, language: str) -> dict[str, Any]:
    parts = [{"share": _WHOLE * part.count / bar.total, "printed": part.printed} for part in bar.parts]
    return {"label": bar.label, "total": print_count(bar.total, language), "parts": parts}


def cover_data(cover: Cover) -> dict[str, Any]:
    """Return the frame as the typesetter reads it."""
    return asdict(cover)
