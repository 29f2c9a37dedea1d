"""How a figure stands to the same figure of an earlier period."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from report_worker.domain.expressions import Number
from report_worker.domain.printing import NOTHING, print_count, print_points, print_rate
from report_worker.domain.prose import Span

_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Change:
    """This period's value less the earlier one's; `share` is that over the earlier count, None of a rate or of 0."""

    difference: Number
    share: float | None


def change(now: Number | None, before: Number | None, *, is_rate: bool) -> Change | None:
    """Return the change, or None where one of the two is missing.

    Rates are compared as they are printed, so that a reader's own subtraction agrees.
    """
    if now is None or before is None:
        return None
    difference = Decimal(str(now)) - Decimal(str(before))
    if is_rate:
        return Change(float(difference), None)
    share = float((difference / Decimal(before)).quantize(_STEP, ROUND_HALF_UP)) if before else None
    return Change(int(difference), share)


@dataclass(frozen=True)
class Compared:
    """What prose needs to know of a compared figure; `counted` is what it counts, None of a rate."""

    name: str
    window: str
    label: str
    counted: str | None
    language: str


def change_in_words(found: Change | None, of: Compared) -> Iterator[Span]:
    """Say `tăng 2.310 hồ sơ (6,55%) so với cùng kỳ năm 2019`, each number bound to `<name>@<window>`."""
    words, when = _WORDS[of.language], Span(of.label, of.window)
    if found is None:
        yield from (Span(words["nothing"]), when, Span(words["to_compare"]))
    elif found.difference == 0:
        yield from (Span(words["same"]), when)
    else:
        yield from (*_moved(found, of), Span(words["than"]), when)


def change_in_short(found: Change | None, of: Compared) -> Iterator[Span]:
    """Say `tăng 2.310 hồ sơ (6,55%)`, for a sentence that has named the earlier period."""
    words = _WORDS[of.language]
    if found is None:
        yield Span(words["unknown"])
    elif found.difference == 0:
        yield Span(words["unchanged"])
    else:
        yield from _moved(found, of)


def _moved(found: Change, of: Compared) -> Iterator[Span]:
    bound = f"{of.name}@{of.window}"
    size, is_rate = abs(found.difference), of.counted is None
    yield Span(_WORDS[of.language]["up" if found.difference > 0 else "down"])
    yield Span(print_points(size, of.language) if is_rate else print_count(size, of.language), f"{bound}.change")
    if not is_rate:
        yield Span(f" {of.counted}")
    if found.share is not None:
        yield from (Span(" ("), Span(print_rate(abs(found.share), of.language), f"{bound}.share"), Span(")"))


def change_in_a_cell(found: Change | None, *, is_rate: bool, language: str) -> str:
    """Return `+6,55%` of a count, `−1,25 điểm %` of a rate, a dash of nothing to compare with."""
    if found is None or (not is_rate and found.share is None):
        return NOTHING
    size = found.difference if is_rate else found.share or 0.0
    sign = "+" if size > 0 else "−" if size < 0 else ""
    printed = print_points(abs(size), language, short=True) if is_rate else print_rate(abs(size), language)
    return f"{sign}{printed}"


_WORDS = {
    "vi": {
        "up": "tăng ",
        "down": "giảm ",
        "same": "bằng ",
        "unchanged": "không đổi",
        "than": " so với ",
        "nothing": "chưa có số liệu ",
        "to_compare": " để so sánh",
        "unknown": "chưa có số liệu để so sánh",
    },
    "en": {
        "up": "up ",
        "down": "down ",
        "same": "the same as in ",
        "unchanged": "unchanged",
        "than": " on ",
        "nothing": "no figures of ",
        "to_compare": " to compare with",
        "unknown": "nothing to compare with",
    },
}
