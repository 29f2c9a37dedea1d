"""The frame of an administrative document.  Rule: NĐ 30/2020/NĐ-CP, Phụ lục I."""

from collections.abc import Iterable
from datetime import date, timedelta

from report_worker.domain.narratives import Letterhead
from report_worker.domain.prose import Cover
from report_worker.domain.windows import Subject
from report_worker.domain.wording import Wording

# Room for the number and the day, which are written in when the report is signed.
ROOM = "\u00a0" * 7
_FEBRUARY = 2
# For a unit whose kind no letterhead knows.
_PLAIN = Letterhead(
    "",
    date.min,
    None,
    None,
    Wording("{unit}", "{unit}"),
    Wording("{unit}", "{unit}"),
    "",
    "BC",
    (Wording("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE UNIT"),),
    (Wording("Lưu: VT.", "Archive."),),
)


def letterhead_of(letterheads: Iterable[Letterhead], subject: Subject) -> Letterhead:
    """Return the first letterhead that fits the unit at the period's end, else a plain one."""
    return next((one for one in letterheads if one.fits(subject.unit, on=subject.as_of)), _PLAIN)


def named(text: str, letterhead: Letterhead, unit: str) -> str:
    """Put the unit's name into a text of its letterhead."""
    return text.format(unit=unit, rest=unit[len(letterhead.prefix) :])


def cover_of(letterhead: Letterhead, subject: Subject, *, kind: Wording, subject_line: str) -> Cover:
    """Return what stands above and below the text."""
    language = subject.language

    def say(wording: Wording) -> str:
        return named(wording[language], letterhead, subject.unit)

    return Cover(
        superior=say(letterhead.superior) if letterhead.superior else None,
        agency=say(letterhead.agency).upper(),
        number=f"{'No.' if language == 'en' else 'Số:'}{ROOM}/{letterhead.symbol}",
        dateline=_dateline(named(letterhead.place, letterhead, subject.unit), subject),
        kind=kind[language],
        subject_line=subject_line,
        signature=tuple(say(one) for one in letterhead.signature),
        recipients=tuple(say(one) for one in letterhead.recipients),
    )


def _dateline(place: str, subject: Subject) -> str:
    """Return place and date with room for the day; a report is signed no earlier than the day after what it shows.

    Rule: NĐ 30/2020/NĐ-CP, Phụ lục I, mục II.4: January and February are written with a 0 before them.
    """
    day = subject.as_of + timedelta(days=1)
    if subject.language == "en":
        return f"{place}, {ROOM} {day:%B} {day.year}".removeprefix(", ")
    month = f"{day.month:02}" if day.month <= _FEBRUARY else f"{day.month}"
    written = f"{place}, ngày{ROOM} tháng {month} năm {day.year}".removeprefix(", ")
    return written[:1].upper() + written[1:]
