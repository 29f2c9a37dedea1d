"""Numbers and days as a reader of either language expects them."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from report_worker.domain.expressions import Number

NOTHING = "—"
_VALUE_STEP = Decimal("0.0001")
_PARTS = {
    "H1": "6 tháng đầu",
    "H2": "6 tháng cuối",
    "9M": "9 tháng đầu",
    "Q1": "Quý I",
    "Q2": "Quý II",
    "Q3": "Quý III",
    "Q4": "Quý IV",
}
_SWAP = str.maketrans(",.", ".,")


def rate(numerator: int, denominator: int) -> float | None:
    """Return the rate, half-up to 4 decimals; None of nothing.  Rule: contract section 5."""
    if denominator == 0:
        return None
    return float((Decimal(numerator) / Decimal(denominator)).quantize(_VALUE_STEP, ROUND_HALF_UP))


def print_count(count: Number | None, language: str) -> str:
    """Print `37.588` in Vietnamese, `37,588` in English, a dash for no number."""
    return NOTHING if count is None else _localised(f"{count:,}", language)


def print_rate(value: Number | None, language: str) -> str:
    """Print 0.9972 as `99,72%` in Vietnamese.  Rule: NĐ 30/2020 layout, domain d.7."""
    if value is None:
        return NOTHING
    percent = (Decimal(str(value)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _localised(f"{percent:,}%", language)


def print_points(difference: Number, language: str, *, short: bool = False) -> str:
    """Print a difference of rates: 0.0125 as `1,25 điểm phần trăm`."""
    points = (Decimal(str(difference)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    words = {"vi": ("điểm phần trăm", "điểm %"), "en": ("percentage points", "pp")}[language][short]
    return f"{_localised(f'{points:,}', language)} {words}"


def print_goal(threshold: float, language: str) -> str:
    """Print a target without idle decimals: `40%`, `99,5%`."""
    percent = (Decimal(str(threshold)) * 100).normalize()
    return _localised(f"{percent:f}%", language)


def print_day(day: date, language: str) -> str:
    """Print `15/6/2020` in Vietnamese, the ISO day in English."""
    return day.isoformat() if language == "en" else f"{day.day}/{day.month}/{day.year}"


def print_period(name: str, language: str) -> str:
    """Print the name of a period: `2020-H1` is `6 tháng đầu năm 2020`; days only have no name."""
    year, _, part = name.partition("-")
    if "/" in name:
        return ""
    if language == "en":
        return name
    words = _PARTS.get(part) or (f"Tháng {int(part)}" if part else "")
    return f"{words} năm {year}" if words else f"Năm {year}"


def printer_of(*, is_rate: bool) -> Callable[[Number | None, str], str]:
    """Return the function that prints this kind of number."""
    return print_rate if is_rate else print_count


def _localised(text: str, language: str) -> str:
    return text if language == "en" else text.translate(_SWAP)
