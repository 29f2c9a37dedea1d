"""What a report must say about itself, below its figures."""

from report_worker.domain.forms import REPORTED, Form
from report_worker.domain.numbers import Numbers, reported_captions
from report_worker.domain.printing import print_day
from report_worker.domain.windows import Subject


def remarks_on(form: Form, numbers: Numbers, subject: Subject) -> tuple[str, ...]:
    """Say so where the form was not in force, the period still runs, or units have yet to report a figure."""
    found = (_not_in_force(form, subject), _still_running(subject), _unreported(form, numbers, subject.language))
    return tuple(remark for remark in found if remark)


def _not_in_force(form: Form, subject: Subject) -> str:
    head = form.head
    if head.was_in_force(subject.period.last):
        return ""
    source = head.legal_source[subject.language]
    if subject.language == "en":
        return f"The period ends while the form was not in force ({source}); the figures are set out in it afterwards."
    return f"Kỳ báo cáo kết thúc ngoài thời gian hiệu lực của biểu ({source}); số liệu được lập lại theo biểu này."


def _still_running(subject: Subject) -> str:
    if subject.as_of >= subject.period.last:
        return ""
    day = print_day(subject.as_of, subject.language)
    if subject.language == "en":
        return f"The period has not ended; the figures are those of the close of {day}."
    return f"Kỳ báo cáo chưa kết thúc; số liệu tính đến hết ngày {day}."


def _unreported(form: Form, numbers: Numbers, language: str) -> str:
    whole = numbers.cells.get((), {})
    missing = [one for name, one in reported_captions(form).items() if f"{REPORTED}.{name}" not in whole]
    if not missing:
        return ""
    listed = "; ".join(dict.fromkeys(caption[language] for caption in missing))
    if language == "en":
        return f"Not yet reported by the units, and left blank: {listed}."
    return f"Đơn vị chưa báo cáo nên để trống: {listed}."
