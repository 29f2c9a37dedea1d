"""The workbook a unit filled in, read back."""

from collections.abc import Sequence

from report_worker.domain.reported import NIL, Submission
from report_worker.domain.typed_sheets import TypedSheet, UnreadableWorkbook, number_of, text_of

# Where the workbook says whose it is; the render package writes it there.
UNIT, PERIOD = (1, 1), (2, 1)
FIRST_LINE, NAME_COLUMN, VALUE_COLUMN = 6, 0, 2


def read_return(sheets: Sequence[TypedSheet]) -> tuple[str, str, tuple[Submission, ...]]:
    """Return the unit's code, the period's days and every figure that was filled in.

    A blank cell says nothing, neither a nil return nor that an earlier one is taken back.
    Raises UnreadableWorkbook.
    """
    sheet = sheets[0] if sheets else TypedSheet("", ())
    unit, period = sheet.cell(*UNIT), sheet.cell(*PERIOD)
    if not isinstance(unit, str) or not isinstance(period, str):
        raise UnreadableWorkbook("cells B2 and B3 do not name a unit and a period")
    lines = range(FIRST_LINE, len(sheet.rows))
    found = [one for line in lines if (one := _submission(sheet, line)) is not None]
    if not found:
        raise UnreadableWorkbook("no figure is filled in")
    return unit, period, tuple(found)


def _submission(sheet: TypedSheet, line: int) -> Submission | None:
    name, value = sheet.cell(line, NAME_COLUMN), sheet.cell(line, VALUE_COLUMN)
    if not isinstance(name, str) or not name or value is None:
        return None
    if text_of(value) == NIL:
        return Submission(name, None, is_nil=True)
    number = number_of(value)
    if number is None:
        return None
    if not isinstance(number, int) or number < 0:
        raise UnreadableWorkbook(f"{name} is {number}, no whole number from 0 up")
    return Submission(name, number)
