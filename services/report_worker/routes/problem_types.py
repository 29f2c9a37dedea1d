"""Status and words of each of this service's errors."""

from collections.abc import Mapping
from typing import Any

from report_worker.domain.checking import UnknownFigures
from report_worker.domain.forms import FormNotFound
from report_worker.domain.lifecycle import ActionNotAllowed, ChecksFail
from report_worker.domain.numbers import SourceMissing
from report_worker.domain.reported import NotReportedByUnit, ReportedFiguresInconsistent, UnknownReportedFigures
from report_worker.domain.reports import (
    FiguresKeptMoving,
    FiguresRefused,
    FiguresTruncated,
    FileNotFound,
    IdempotencyKeyReused,
    PeriodNotBegun,
    ReportGivenUp,
    ReportNotFound,
    ReportNotReady,
    UnitNotFound,
)
from report_worker.domain.schedules import NoUnitsBelow, ScheduleNotFound
from report_worker.domain.typed_sheets import UnreadableWorkbook
from report_worker.usecases.make_report import Describe
from shared.errors import DomainError
from shared.http.languages import Language, Text
from shared.http.problems import ProblemCatalogue, ProblemType
from shared.periods import UnknownPeriod

PROBLEM_TYPES: dict[type[DomainError], ProblemType] = {
    UnknownPeriod: ProblemType(
        422,
        Text("Kỳ không đúng", "Unknown period"),
        Text(
            "«{period}» không phải là kỳ: dùng 2020, 2020-H1, 2020-9M, 2020-Q1, 2020-03 hoặc 2019-10-01/2020-01-01.",
            "{period} names no period: use 2020, 2020-H1, 2020-9M, 2020-Q1, 2020-03 or 2019-10-01/2020-01-01.",
        ),
    ),
    PeriodNotBegun: ProblemType(
        422,
        Text("Kỳ chưa bắt đầu", "Period not begun"),
        Text("Kỳ «{period}» bắt đầu ngày {first_day}, chưa đến.", "{period} only begins on {first_day}."),
    ),
    FormNotFound: ProblemType(
        404,
        Text("Không có biểu mẫu này", "Form not found"),
        Text("Không có biểu mẫu «{form}»; xem danh sách tại /v1/forms.", "No form {form}; see /v1/forms."),
    ),
    UnitNotFound: ProblemType(
        404,
        Text("Không tìm thấy đơn vị", "Unit not found"),
        Text("Không có đơn vị «{unit}».", "No unit {unit}."),
    ),
    UnknownFigures: ProblemType(
        422,
        Text("Số liệu không có trong biểu", "Unknown figures"),
        Text(
            "Biểu «{form}» không có: {names}; xem tên tại /v1/forms/{form}.",
            "Form {form} has none of {names}; see the names at /v1/forms/{form}.",
        ),
    ),
    ReportNotFound: ProblemType(
        404,
        Text("Không có báo cáo này", "Report not found"),
        Text("Không có báo cáo «{report}».", "No report {report}."),
    ),
    ReportNotReady: ProblemType(
        409,
        Text("Báo cáo chưa có tệp", "Report not ready"),
        Text(
            "Báo cáo đang ở trạng thái «{state}», chưa có tệp; xem tiến độ và lý do tại báo cáo.",
            "The report is {state} and has no files; the report itself tells its progress and problem.",
        ),
    ),
    ActionNotAllowed: ProblemType(
        409,
        Text("Báo cáo không ở trạng thái phù hợp", "Not possible in this state"),
        Text(
            "Báo cáo đang ở trạng thái «{state}»; chỉ làm được khi báo cáo ở trạng thái: {allowed_in}.",
            "The report is {state}; this can be done only in: {allowed_in}.",
        ),
    ),
    ChecksFail: ProblemType(
        409,
        Text("Báo cáo có tổng không khớp", "Report checks fail"),
        Text(
            "{failing} đẳng thức không đúng: {identities}. Sửa nguồn rồi lập lại, hoặc gửi «override_note» nêu lý do; "
            "lý do được in thành ghi chú của báo cáo.",
            "{failing} identities fail: {identities}. Mend the source and order again, or send `override_note` with "
            "the reason, which the report prints as a footnote.",
        ),
    ),
    FileNotFound: ProblemType(
        404,
        Text("Không có loại tệp này", "File not found"),
        Text("Báo cáo không có tệp «{format}»; có: {formats}.", "Reports have no {format} file; they have {formats}."),
    ),
    IdempotencyKeyReused: ProblemType(
        409,
        Text("Idempotency-Key đã dùng cho yêu cầu khác", "Idempotency-Key reused"),
        Text(
            "Idempotency-Key này đã dùng cho một yêu cầu khác; hãy dùng khóa mới.",
            "This Idempotency-Key was used for another order; use a new one.",
        ),
    ),
    ScheduleNotFound: ProblemType(
        404,
        Text("Không có lịch báo cáo này", "Schedule not found"),
        Text("Không có lịch báo cáo «{schedule}».", "No schedule {schedule}."),
    ),
    NoUnitsBelow: ProblemType(
        409,
        Text("Không có đơn vị trực thuộc", "No units below"),
        Text("Không có đơn vị nào trực thuộc «{unit}» để lập báo cáo.", "No unit lies right below {unit}."),
    ),
    UnknownReportedFigures: ProblemType(
        422,
        Text("Chỉ tiêu báo cáo không có trong danh mục", "Unknown reported figures"),
        Text(
            "Danh mục không có: {names}; xem tại /v1/reportable-figures.",
            "The catalogue has none of {names}; see /v1/reportable-figures.",
        ),
    ),
    NotReportedByUnit: ProblemType(
        422,
        Text("Đơn vị không báo cáo chỉ tiêu này", "Not reported by this unit"),
        Text(
            "Đơn vị «{unit}» không thuộc diện báo cáo: {names}; nếu nhận sẽ bị tính hai lần.",
            "{unit} is not to report {names}: they would count twice.",
        ),
    ),
    ReportedFiguresInconsistent: ProblemType(
        422,
        Text("Số liệu báo cáo không khớp", "Reported figures inconsistent"),
        Text(
            "Số liệu của «{unit}» không khớp: {identities}. Sửa số liệu hoặc gửi kèm «note» giải trình.",
            "The figures of {unit} break identities: {identities}. Mend them, or send a `note` that says why.",
        ),
    ),
    UnreadableWorkbook: ProblemType(
        422,
        Text("Không đọc được tệp bảng tính", "Unreadable workbook"),
        Text("Không đọc được tệp XLSX: {reason}.", "The workbook cannot be read: {reason}."),
    ),
    SourceMissing: ProblemType(
        502,
        Text("Thiếu nguồn số liệu", "Source missing"),
        Text(
            "Biểu cần «{name}» nhưng nguồn số liệu không có.", "The form needs {name}, which the figures do not have."
        ),
    ),
    FiguresKeptMoving: ProblemType(
        503,
        Text("Số liệu thay đổi liên tục", "Figures kept moving"),
        Text(
            "Số liệu thay đổi trong cả {tries} lần đọc; hãy lập lại báo cáo khi việc nạp dữ liệu đã xong.",
            "The figures moved during each of {tries} readings; order again when the loading of data is over.",
        ),
        headers={"Retry-After": "60"},
    ),
    FiguresTruncated: ProblemType(
        502,
        Text("Số liệu không đầy đủ", "Figures truncated"),
        Text(
            "«{source}» có quá nhiều dòng nên chỉ được trả lời một phần; hãy lập báo cáo cho đơn vị nhỏ hơn.",
            "{source} has too many rows and was answered in part; order the report for a smaller unit.",
        ),
    ),
    FiguresRefused: ProblemType(
        502,
        Text("Nguồn số liệu từ chối", "Figures refused"),
        Text(
            "Nguồn số liệu từ chối «{source}» ({answered_status}): {reason}",
            "{source} was refused ({answered_status}): {reason}",
        ),
    ),
    ReportGivenUp: ProblemType(
        500,
        Text("Không lập được báo cáo", "Report given up"),
        Text(
            "Đã thử {attempts} lần không thành; hãy báo quản trị, nhật ký có lý do.",
            "Given up after {attempts} attempts; tell the operator, the log holds the reason.",
        ),
    ),
}


def describer(problems: ProblemCatalogue) -> Describe:
    """Return what writes the problem of a failed report in the report's language."""

    def describe(error: DomainError, language: str) -> Mapping[str, Any]:
        return problems.document(error, Language(language))

    return describe
