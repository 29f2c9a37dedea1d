"""What is most likely wrong where an identity fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from report_worker.domain.expressions import Number
from report_worker.domain.forms import ColumnsForm, Form
from report_worker.domain.identities import Identity, Relation, Verdict, parse_identity
from report_worker.domain.wording import Wording

# A total of another day or scope is off by a part of itself; off by more it is no total of these at all.
MOST_APART = 2.0
WHOLE_PERCENT = 100
# Rates are printed with two decimals of a percent.
DECIMALS = 4


class Kind(StrEnum):
    """The kinds of mistakes that printed reports show.  Rule: domain a.3, its five kinds, two of them told apart."""

    TRANSPOSED_DIGITS = "transposed_digits"
    MISTYPED_DIGIT = "mistyped_digit"
    COUNT_IN_RATE_CELL = "count_in_rate_cell"
    PERCENT_SIGN_MISSING = "percent_sign_missing"
    INVERTED_RATIO = "inverted_ratio"
    MIXED_DATES = "mixed_dates"
    SILENT_REMAINDER = "silent_remainder"
    UNEXPLAINED = "unexplained"


LIKELY = {
    Kind.TRANSPOSED_DIGITS: Wording("Có thể gõ đảo chữ số.", "Two digits may have changed places."),
    Kind.MISTYPED_DIGIT: Wording("Có thể gõ sai một chữ số.", "One digit may be mistyped."),
    Kind.COUNT_IN_RATE_CELL: Wording("Có thể ghi số lượng vào ô tỷ lệ.", "A count may stand in a rate's cell."),
    Kind.PERCENT_SIGN_MISSING: Wording("Có thể thiếu dấu %.", "A percent sign may be missing."),
    Kind.INVERTED_RATIO: Wording("Có thể tỷ lệ bị ghi ngược tử số, mẫu số.", "The ratio may be upside down."),
    Kind.MIXED_DATES: Wording(
        "Có thể số liệu lấy ở các thời điểm hoặc phạm vi khác nhau.",
        "The numbers may be of different dates or scopes.",
    ),
    Kind.SILENT_REMAINDER: Wording("Có phần còn lại không được nêu.", "A remainder is left unsaid."),
    Kind.UNEXPLAINED: Wording("Chưa rõ nguyên nhân.", "No likely cause is known."),
}


@dataclass(frozen=True)
class Diagnosis:
    """The likely kind; where one cell alone could be the mistake, which, and what it should hold."""

    kind: Kind
    suspect: str | None = None
    should_be: Number | None = None


def diagnose(verdict: Verdict, cells: Mapping[str, Number], form: Form | None = None) -> Diagnosis:
    """Name what is likely wrong with a failing identity, judged over some cells."""
    if "Σ" in verdict.identity:
        return _of_sum(verdict)
    identity = parse_identity(verdict.identity)
    if identity.relation is Relation.AT_MOST:
        return _of_bound(identity, verdict, cells, form)
    if verdict.blank is not None:
        return _of_blank(identity, verdict, verdict.blank, cells)
    return _of_equation(identity, verdict, cells)


def _of_blank(identity: Identity, verdict: Verdict, blank: str, cells: Mapping[str, Number]) -> Diagnosis:
    """A blank part that has to hold something is one nobody speaks of; a blank that cannot help counts as 0."""
    if verdict.needed is None:
        return _of_equation(identity, verdict, {**cells, blank: 0})
    kind = Kind.SILENT_REMAINDER if blank in identity.right.names else Kind.UNEXPLAINED
    return Diagnosis(kind, blank, verdict.needed)


def _of_equation(identity: Identity, verdict: Verdict, cells: Mapping[str, Number]) -> Diagnosis:
    """Look for one cell whose digits explain it, the total's first; else for parts that are no parts."""
    wanted = {name: cells[name] - verdict.difference * identity.weight(name) for name in identity.names}
    for kind, explains in ((Kind.TRANSPOSED_DIGITS, are_transposed), (Kind.MISTYPED_DIGIT, differ_in_a_digit)):
        for name, should_be in wanted.items():
            if explains(cells[name], should_be):
                return Diagnosis(kind, name, should_be)
    # More in the total than in its parts is a part unsaid; more in the parts is a total of another day.
    return Diagnosis(Kind.SILENT_REMAINDER if verdict.difference > 0 else Kind.MIXED_DATES)


def _of_sum(verdict: Verdict) -> Diagnosis:
    """Judge `[3] = Σ rows [3]` by its two sides: the total stands on the left."""
    name = verdict.identity.split("]")[0].lstrip("[")
    for kind, explains in ((Kind.TRANSPOSED_DIGITS, are_transposed), (Kind.MISTYPED_DIGIT, differ_in_a_digit)):
        if explains(verdict.left, verdict.right):
            return Diagnosis(kind, name, verdict.right)
    return Diagnosis(Kind.SILENT_REMAINDER if verdict.difference > 0 else Kind.MIXED_DATES)


def _of_bound(identity: Identity, verdict: Verdict, cells: Mapping[str, Number], form: Form | None) -> Diagnosis:
    if not identity.right.names and identity.left.names:
        return _of_rate(identity.left.names[0], verdict.left, cells, form)
    if not identity.left.names:
        return Diagnosis(Kind.UNEXPLAINED, identity.right.names[0])
    if verdict.right > 0 and verdict.left / verdict.right < MOST_APART:
        return Diagnosis(Kind.MIXED_DATES)
    return Diagnosis(Kind.UNEXPLAINED)


def _of_rate(name: str, value: Number, cells: Mapping[str, Number], form: Form | None) -> Diagnosis:
    """Tell what stands in a rate's cell above 1; `value` 1.053 was printed `105,3%`."""
    upright = _upright(name, value, cells, form)
    if upright is not None:
        return Diagnosis(Kind.INVERTED_RATIO, name, upright)
    is_whole = float(value).is_integer()
    if value == WHOLE_PERCENT or (MOST_APART < value < WHOLE_PERCENT and not is_whole):
        return Diagnosis(Kind.PERCENT_SIGN_MISSING, name, round(value / WHOLE_PERCENT, DECIMALS + 2))
    if is_whole:
        return Diagnosis(Kind.COUNT_IN_RATE_CELL, name)
    return Diagnosis(Kind.MIXED_DATES if value < MOST_APART else Kind.UNEXPLAINED, name)


def _upright(name: str, value: Number, cells: Mapping[str, Number], form: Form | None) -> float | None:
    """Return the rate that was turned upside down, where two typed counts of its level show it."""
    if form is None or isinstance(form, ColumnsForm) or float(value).is_integer():
        return None
    scope = form.by_name[name].scope
    counts = [
        cells[one.name] for one in form.figures if one.scope == scope and not one.denominator and one.name in cells
    ]
    printed = round(value, DECIMALS)
    found = (
        part / whole
        for whole in counts
        for part in counts
        if 0 < part < whole and round(whole / part, DECIMALS) == printed
    )
    return next((round(one, DECIMALS) for one in found), None)


def are_transposed(typed: Number, meant: Number) -> bool:
    """Say whether two neighbouring digits changed places."""
    left, right = _digits(typed), _digits(meant)
    if len(left) != len(right) or not left:
        return False
    differing = [place for place in range(len(left)) if left[place] != right[place]]
    if len(differing) != 2 or differing[1] - differing[0] != 1:
        return False
    first, second = differing
    return left[first] == right[second] and left[second] == right[first]


def differ_in_a_digit(typed: Number, meant: Number) -> bool:
    """Say whether one digit was mistyped, or one was left out or typed twice; a single digit explains nothing."""
    left, right = _digits(typed), _digits(meant)
    if len(left) < 2 or len(right) < 2:
        return False
    if len(left) == len(right):
        return sum(one != other for one, other in zip(left, right, strict=True)) == 1
    longer, shorter = sorted((left, right), key=len, reverse=True)
    dropped = (longer[:place] + longer[place + 1 :] for place in range(len(longer)))
    return len(longer) == len(shorter) + 1 and shorter in dropped


def _digits(number: Number) -> str:
    """Return the digits of a count; anything else has none."""
    return str(int(number)) if number >= 0 and float(number).is_integer() else ""
