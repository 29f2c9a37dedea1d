"""What is said about clocks, Vietnamese and English."""

from dossier_api.domain.catalogue import SupplementPolicy, TimeUnit
from dossier_api.domain.explanation import StepKind
from dossier_api.domain.transitions import Status
from shared.contracts.life import Phase
from shared.http.languages import Text

UNITS = {
    TimeUnit.WORKING_DAY: (Text("ngày làm việc", "working day"), Text("ngày làm việc", "working days")),
    TimeUnit.WORKING_HOUR: (Text("giờ làm việc", "working hour"), Text("giờ làm việc", "working hours")),
    TimeUnit.CALENDAR_DAY: (Text("ngày", "calendar day"), Text("ngày", "calendar days")),
}
# Rule: contract section 4; Civil Code 2015 art. 147-148.
COUNTING = {
    TimeUnit.WORKING_DAY: Text(
        "Ngày tiếp nhận và ngày nghỉ không tính; hết hạn vào cuối giờ làm việc của ngày cuối cùng "
        "(Bộ luật Dân sự 2015, Điều 147 và 148)",
        "The day of acceptance and days off do not count; the term ends at the close of its last working day "
        "(Civil Code 2015, art. 147 and 148)",
    ),
    TimeUnit.WORKING_HOUR: Text(
        "Chỉ tính giờ làm việc của cơ quan, kể từ lúc tiếp nhận; giờ nghỉ trưa, ngoài giờ và ngày nghỉ không tính",
        "Only the office's hours count, from the moment of acceptance; not lunch breaks, evenings or days off",
    ),
    TimeUnit.CALENDAR_DAY: Text(
        "Tính cả ngày nghỉ, không tính ngày tiếp nhận; nếu ngày cuối cùng là ngày nghỉ thì hết hạn vào "
        "ngày làm việc tiếp theo (Bộ luật Dân sự 2015, Điều 147 và 148)",
        "Days off count, the day of acceptance does not; if the last day is off, the term ends on the next "
        "working day (Civil Code 2015, art. 147 and 148)",
    ),
}
# Rule: domain b.3, four texts in force side by side.
SUPPLEMENT = {
    SupplementPolicy.RESTART: Text(
        "Thời gian chờ bổ sung không tính; khi nhận đủ hồ sơ, thời hạn tính lại từ đầu (NĐ 61/2018, Điều 19 khoản 4)",
        "The wait for papers is not counted; once they are complete the full term starts again "
        "(Decree 61/2018, art. 19(4))",
    ),
    SupplementPolicy.EXCLUDE: Text(
        "Thời gian chờ bổ sung không tính vào thời hạn giải quyết, theo quy định của thủ tục này",
        "The wait for papers is not counted, as this procedure's rules say",
    ),
    SupplementPolicy.END_AT_REQUEST: Text(
        "Theo quy định của thủ tục này, việc giải quyết được coi là kết thúc khi yêu cầu bổ sung",
        "Under this procedure's rules the office's work counts as done when it asks for papers",
    ),
    SupplementPolicy.NONE: Text(
        "Theo quy định của thủ tục này, thời hạn vẫn tính trong khi chờ bổ sung",
        "Under this procedure's rules the term runs on while papers are awaited",
    ),
}
BY_POLICY = frozenset({StepKind.STOPPED_FOR_SUPPLEMENT, StepKind.ENDED_AT_REQUEST, StepKind.NOT_STOPPED})
RULES = {
    StepKind.STARTED_NEXT_DAY: Text(
        "Hồ sơ tiếp nhận muộn trong ngày được tính từ ngày làm việc tiếp theo, theo quy định của thủ tục này",
        "A dossier accepted late in the day counts from the next working day, as this procedure's rules say",
    ),
    StepKind.PRINTED: Text(
        "Ngày ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả là ngày cơ quan đã hẹn với người nộp",
        "The date printed on the receipt is the one the office promised the applicant",
    ),
    StepKind.PROMISE_KEPT: Text(
        "Ngày đã hẹn sớm hơn và vẫn là ngày làm việc thì được giữ nguyên cho người nộp",
        "A promised date that is earlier and still a working day stands for the applicant",
    ),
    StepKind.MOVED_BY_CALENDAR: Text(
        "Lịch làm việc đã thay đổi sau khi hẹn, nên thời hạn được tính lại theo lịch mới",
        "The calendar of working days changed after the promise, so the term was counted again by the new one",
    ),
    StepKind.STOPPED_FOR_PAYMENT: Text(
        "Thời gian thực hiện nghĩa vụ tài chính không tính vào thời hạn giải quyết",
        "The time taken to meet a financial obligation is not counted",
    ),
    StepKind.STOPPED_BY_OUTAGE: Text(
        "Thời gian hệ thống gặp sự cố không tính vào thời hạn giải quyết", "The time of a system outage is not counted"
    ),
    StepKind.PUT_OFF: Text(
        "Hạn trả kết quả lùi đúng bằng khoảng thời gian không tính",
        "The due date moves by exactly the time not counted",
    ),
    StepKind.EXTENDED: Text(
        "Cơ quan xin lỗi và hẹn lại ngày trả kết quả, chỉ được một lần (NĐ 61/2018, Điều 19 khoản 9)",
        "The office apologises and sets a new date, which it may do once only (Decree 61/2018, art. 19(9))",
    ),
}
SENTENCES = {
    StepKind.STARTED_NEXT_DAY: Text(
        "Tiếp nhận lúc {start}, coi như tiếp nhận ngày {end}.", "Accepted at {start}; counted as accepted on {end}."
    ),
    StepKind.COUNTED: Text(
        "Tiếp nhận lúc {start}; thời hạn giải quyết {term}; hạn trả kết quả {due}.",
        "Accepted at {start}; the term is {term}; due at {due}.",
    ),
    StepKind.PRINTED: Text("Giấy hẹn ghi ngày trả kết quả {due}.", "The receipt promises the result at {due}."),
    StepKind.PROMISE_KEPT: Text(
        "Lịch làm việc thay đổi, nhưng ngày đã hẹn {due} được giữ nguyên.",
        "The calendar of working days changed, but the promised date {due} stands.",
    ),
    StepKind.MOVED_BY_CALENDAR: Text(
        "Lịch làm việc thay đổi: hạn trả kết quả chuyển từ {before} sang {due}.",
        "The calendar of working days changed: the due date moves from {before} to {due}.",
    ),
    StepKind.STOPPED_FOR_SUPPLEMENT: Text(
        "Chờ người nộp bổ sung giấy tờ từ {start} đến {end}.", "Waited for missing papers from {start} until {end}."
    ),
    StepKind.STOPPED_FOR_PAYMENT: Text(
        "Chờ người nộp thực hiện nghĩa vụ tài chính từ {start} đến {end}.",
        "Waited for a payment from {start} until {end}.",
    ),
    StepKind.STOPPED_BY_OUTAGE: Text(
        "Hệ thống gặp sự cố từ {start} đến {end}.", "The system was down from {start} until {end}."
    ),
    StepKind.NOT_STOPPED: Text(
        "Yêu cầu bổ sung giấy tờ từ {start} đến {end}; thời hạn vẫn tính.",
        "Papers were asked for from {start} until {end}; the term ran on.",
    ),
    StepKind.ENDED_AT_REQUEST: Text(
        "Yêu cầu bổ sung giấy tờ lúc {start}; việc tính thời hạn kết thúc tại đây.",
        "Papers were asked for at {start}; counting ended there.",
    ),
    StepKind.RESTARTED: Text(
        "Nhận đủ giấy tờ lúc {start}; tính lại từ đầu {term}; hạn trả kết quả mới {due}.",
        "Papers complete at {start}; {term} again from the start; now due at {due}.",
    ),
    StepKind.PUT_OFF: Text(
        "Tiếp tục tính từ {start}; hạn trả kết quả chuyển từ {before} sang {due}.",
        "Counting resumed at {start}; the due date moves from {before} to {due}.",
    ),
    StepKind.EXTENDED: Text(
        "Lúc {start}, cơ quan hẹn lại đến {due_current}; hạn luật định vẫn là {due}.",
        "At {start} the office put the result off to {due_current}; the lawful date remains {due}.",
    ),
}
PHASES: dict[Phase, Text] = {
    Phase.EARLY: Text("Hồ sơ đã giải quyết xong trước hạn.", "Finished early."),
    Phase.ON_TIME: Text("Hồ sơ đã giải quyết xong đúng hạn.", "Finished on time."),
    Phase.LATE: Text("Hồ sơ đã giải quyết xong nhưng quá hạn.", "Finished late."),
    Phase.UNDETERMINED: Text(
        "Hồ sơ đã giải quyết xong; thủ tục không quy định thời hạn nên không xét đúng hạn hay quá hạn.",
        "Finished; the procedure has no time limit, so it is neither on time nor late.",
    ),
    Phase.WITHDRAWN: Text("Người nộp đã rút hồ sơ.", "The applicant withdrew the dossier."),
    Phase.STOPPED: Text("Cơ quan đã dừng giải quyết hồ sơ.", "The office stopped processing."),
    Phase.IN_TIME: Text("Hồ sơ đang được giải quyết, còn trong hạn.", "In process, in time."),
    Phase.OVERDUE: Text("Hồ sơ đang được giải quyết và đã quá hạn.", "In process, overdue."),
}
WAITS = {
    Status.SUBMITTED: Text(
        "Hồ sơ đã nộp, chưa được tiếp nhận; thời hạn chưa bắt đầu tính.", "Filed, not yet accepted; no term runs yet."
    ),
    Status.REFUSED: Text("Hồ sơ không được tiếp nhận.", "The dossier was not accepted."),
    Status.AWAITING_SUPPLEMENT: Text(
        "Hồ sơ đang chờ người nộp bổ sung giấy tờ.", "Waiting for the applicant's missing papers."
    ),
    Status.AWAITING_PAYMENT: Text(
        "Hồ sơ đang chờ người nộp thực hiện nghĩa vụ tài chính.", "Waiting for the applicant's payment."
    ),
}
OPEN_WITHOUT_LIMIT = Text(
    "Hồ sơ đang được giải quyết; thủ tục không quy định thời hạn.", "In process; the procedure has no time limit."
)
COUNTED_WITHOUT_LIMIT = Text(
    "Tiếp nhận lúc {start}; thủ tục không quy định thời hạn giải quyết.",
    "Accepted at {start}; the procedure has no time limit.",
)
NO_DUE_DATE = Text(
    "Thủ tục không quy định thời hạn thì hồ sơ không có hạn trả kết quả",
    "Where a procedure has no time limit its dossiers have no due date",
)
WEEKEND = Text("nghỉ cuối tuần", "weekend")
OFFICIAL = Text("nghỉ lễ", "public holiday")
WORKED_INSTEAD = Text("làm việc bù", "worked in place of another day")
TODAY = Text("nay", "now")
NO_LIMIT = Text("không quy định", "not fixed")
