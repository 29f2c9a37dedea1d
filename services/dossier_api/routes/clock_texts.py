"""The clock in the citizen's words, Vietnamese and English."""

from datetime import datetime

from dossier_api.domain.catalogue import ProcessingTime, TimeUnit
from dossier_api.domain.explanation import SkippedDay, Step, StepKind, Why
from shared.contracts.life import Phase
from shared.http.languages import Language, Text

_UNITS = {
    TimeUnit.WORKING_DAY: Text("ngày làm việc", "working days"),
    TimeUnit.WORKING_HOUR: Text("giờ làm việc", "working hours"),
    TimeUnit.CALENDAR_DAY: Text("ngày", "calendar days"),
}
RULES = {
    StepKind.COUNTED: Text(
        "Thời hạn tính từ khi tiếp nhận đủ hồ sơ; ngày tiếp nhận không tính (Bộ luật Dân sự 2015, Điều 147–148)",
        "The term counts from acceptance; the day of acceptance does not count (Civil Code 2015, art. 147–148)",
    ),
    StepKind.STOPPED_FOR_SUPPLEMENT: Text(
        "Thời gian chờ bổ sung không tính vào thời hạn (NĐ 61/2018, Điều 19 khoản 4)",
        "Waiting for missing papers is not counted (Decree 61/2018, art. 19(4))",
    ),
    StepKind.STOPPED_FOR_PAYMENT: Text(
        "Thời gian thực hiện nghĩa vụ tài chính không tính vào thời hạn",
        "Waiting for a financial obligation is not counted",
    ),
    StepKind.STOPPED_BY_OUTAGE: Text(
        "Thời gian hệ thống gián đoạn không tính vào thời hạn", "Time during a system outage is not counted"
    ),
    StepKind.NOT_STOPPED: Text(
        "Thủ tục này không dừng tính thời hạn khi chờ bổ sung", "This procedure's clock does not stop for papers"
    ),
    StepKind.ENDED_AT_REQUEST: Text(
        "Thời hạn kết thúc tại thời điểm yêu cầu bổ sung", "The clock ends when papers are asked for"
    ),
    StepKind.RESTARTED: Text(
        "Thời hạn tính lại từ đầu sau khi nhận đủ hồ sơ (NĐ 61/2018, Điều 19 khoản 4)",
        "The full term counts again from completion (Decree 61/2018, art. 19(4))",
    ),
    StepKind.PUT_OFF: Text(
        "Hạn trả được lùi đúng bằng thời gian không tính", "The due date moves by the time not counted"
    ),
    StepKind.EXTENDED: Text(
        "Cơ quan xin lỗi và hẹn lại, chỉ một lần (NĐ 61/2018, Điều 19 khoản 9); "
        "hồ sơ vẫn bị coi là quá hạn theo hạn luật định",
        "The office apologised and set a new date, once only (Decree 61/2018, art. 19(9)); "
        "lateness is still judged by the lawful date",
    ),
}
_SENTENCES = {
    StepKind.COUNTED: Text(
        "Tiếp nhận lúc {start}; thời hạn {term}, hạn trả kết quả {due}.",
        "Accepted at {start}; term {term}, due {due}.",
    ),
    StepKind.STOPPED_FOR_SUPPLEMENT: Text(
        "Chờ bổ sung giấy tờ từ {start} đến {end}.", "Waited for missing papers from {start} to {end}."
    ),
    StepKind.STOPPED_FOR_PAYMENT: Text(
        "Chờ thực hiện nghĩa vụ tài chính từ {start} đến {end}.",
        "Waited for a financial obligation from {start} to {end}.",
    ),
    StepKind.STOPPED_BY_OUTAGE: Text(
        "Hệ thống gián đoạn từ {start} đến {end}.", "The system was down from {start} to {end}."
    ),
    StepKind.NOT_STOPPED: Text(
        "Yêu cầu bổ sung từ {start} đến {end}; thời hạn vẫn chạy.",
        "Papers were asked for from {start} to {end}; the clock ran on.",
    ),
    StepKind.ENDED_AT_REQUEST: Text(
        "Yêu cầu bổ sung lúc {start}; thời hạn kết thúc tại đó.",
        "Papers were asked for at {start}; the clock ended there.",
    ),
    StepKind.RESTARTED: Text(
        "Nhận đủ hồ sơ lúc {start}; tính lại {term}, hạn trả mới {due}.",
        "Complete at {start}; {term} again, now due {due}.",
    ),
    StepKind.PUT_OFF: Text("Tiếp tục từ {start}; hạn trả mới {due}.", "Resumed at {start}; now due {due}."),
    StepKind.EXTENDED: Text(
        "Ngày {start} hẹn lại đến {due_current}; hạn luật định vẫn là {due}.",
        "On {start} put off to {due_current}; the lawful date remains {due}.",
    ),
}
_ENDS: dict[Phase, Text] = {
    Phase.EARLY: Text("Kết quả có trước hạn.", "Finished early."),
    Phase.ON_TIME: Text("Kết quả có đúng hạn.", "Finished on time."),
    Phase.LATE: Text("Kết quả có quá hạn.", "Finished late."),
    Phase.UNDETERMINED: Text("Thủ tục không quy định thời hạn.", "The procedure has no time limit."),
    Phase.WITHDRAWN: Text("Người nộp đã rút hồ sơ.", "The applicant withdrew."),
    Phase.STOPPED: Text("Hồ sơ đã dừng giải quyết.", "Processing was stopped."),
    Phase.IN_TIME: Text("Hồ sơ đang giải quyết, trong hạn.", "In process, in time."),
    Phase.OVERDUE: Text("Hồ sơ đang giải quyết, đã quá hạn.", "In process, overdue."),
    Phase.WAITING: Text("Hồ sơ đang chờ bổ sung hoặc nghĩa vụ tài chính.", "Waiting for papers or payment."),
}
_WEEKEND = Text("nghỉ cuối tuần", "weekend")
_OFFICIAL = Text("nghỉ lễ", "public holiday")
_TODAY = Text("nay", "now")
_NO_LIMIT = Text("không quy định", "without limit")


def sentence_of(step: Step, term: ProcessingTime, language: Language) -> str:
    """Return one step as a sentence."""
    return _SENTENCES[step.kind][language].format(
        start=moment_of(step.start),
        end=moment_of(step.end) if step.end else _TODAY[language],
        term=term_of(term, language),
        due=moment_of(step.due) if step.due else _NO_LIMIT[language],
        due_current=moment_of(step.due_current) if step.due_current else _NO_LIMIT[language],
    )


def end_of(phase: Phase, language: Language) -> str:
    """Return how a dossier stands as a sentence."""
    return _ENDS[phase][language]


def why_of(skipped: SkippedDay, language: Language) -> str:
    """Return why a day was not counted."""
    if skipped.why is Why.WEEKEND:
        return _WEEKEND[language]
    said = skipped.name or _OFFICIAL[language]
    return f"{said} ({skipped.decision})" if skipped.decision else said


def term_of(term: ProcessingTime, language: Language) -> str:
    """Return a processing time in words."""
    return _NO_LIMIT[language] if term.amount is None else f"{term.amount} {_UNITS[term.unit][language]}"


def moment_of(moment: datetime) -> str:
    """Return an instant as people write it in Vietnam: 17:00 09/03/2026."""
    return f"{moment:%H:%M %d/%m/%Y}"
