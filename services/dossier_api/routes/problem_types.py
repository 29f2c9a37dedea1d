"""How each error of dossier_api looks from outside."""

from dossier_api.domain import access_tokens, errors
from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import ProblemType

# Rule: RFC 6750 section 3.1.
INVALID_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}

PROBLEM_TYPES: dict[type[DomainError], ProblemType] = {
    errors.DossierUnknown: ProblemType(
        404,
        Text("Không có hồ sơ này", "Unknown dossier"),
        Text(
            "Không có hồ sơ {dossier}. Nếu là hồ sơ mới, hãy gửi sự kiện submitted hoặc accepted trước.",
            "There is no dossier {dossier}. If it is new, post its submitted or accepted event first.",
        ),
    ),
    errors.IllegalMove: ProblemType(
        409,
        Text("Sự kiện không hợp trạng thái", "Move not allowed"),
        Text(
            "Hồ sơ đang ở trạng thái «{dossier_status}» nên không thể «{event}» tại thời điểm đó. "
            "Kiểm tra thời gian của sự kiện, hoặc hủy (voided) sự kiện sai trước đó.",
            "The dossier is {dossier_status} at that time and cannot be {event}. "
            "Check the event's time, or void the earlier event that is wrong.",
        ),
    ),
    errors.UnitUnknown: ProblemType(
        404,
        Text("Không có đơn vị này", "Unknown unit"),
        Text(
            "Không có đơn vị {unit_code}. Xem danh sách tại /v1/units.",
            "There is no unit {unit_code}. See /v1/units.",
        ),
    ),
    errors.UnitNotOpen: ProblemType(
        409,
        Text("Đơn vị không hoạt động ngày đó", "Unit not open"),
        Text(
            "Đơn vị {unit_code} chưa thành lập hoặc đã kết thúc vào ngày {day}. Xem /v1/units/{unit_code}.",
            "Unit {unit_code} does not exist on {day}: not yet, or no longer. See /v1/units/{unit_code}.",
        ),
    ),
    errors.ProcedureUnknown: ProblemType(
        404,
        Text("Không có thủ tục này", "Unknown procedure"),
        Text(
            "Không có thủ tục {procedure_code}. Xem danh sách tại /v1/procedures.",
            "There is no procedure {procedure_code}. See /v1/procedures.",
        ),
    ),
    errors.ProcedureNotInForce: ProblemType(
        409,
        Text("Thủ tục không có hiệu lực ngày đó", "Procedure not in force"),
        Text(
            "Thủ tục {procedure_code} không có phiên bản nào có hiệu lực vào ngày {day}. "
            "Xem /v1/procedures/{procedure_code}.",
            "No version of procedure {procedure_code} is in force on {day}. See /v1/procedures/{procedure_code}.",
        ),
    ),
    errors.EventInFuture: ProblemType(
        422,
        Text("Sự kiện ở tương lai", "Event in the future"),
        Text(
            "Thời gian {time} muộn hơn hiện tại ({now}) quá 5 phút. Kiểm tra đồng hồ của máy tại quầy.",
            "The time {time} is more than 5 minutes later than now ({now}). Check the counter's clock.",
        ),
    ),
    errors.EventConflict: ProblemType(
        409,
        Text("Trùng mã sự kiện, khác nội dung", "Event conflict"),
        Text(
            "Nguồn {source} đã gửi một sự kiện khác có mã {event_id}. "
            "Hãy dùng mã mới cho sự kiện mới; muốn sửa, hãy hủy (voided) sự kiện cũ.",
            "{source} has already sent another event with id {event_id}. "
            "Give a new event a new id; to correct one, void it.",
        ),
    ),
    errors.RejectedEventUnknown: ProblemType(
        404,
        Text("Không có sự kiện đang giữ này", "Unknown rejected event"),
        Text(
            "Không có sự kiện nào đang giữ với số {arrival}; có thể đã được áp dụng.",
            "No event is kept under {arrival}; it may have been applied meanwhile.",
        ),
    ),
    errors.EventDisplaced: ProblemType(
        409,
        Text("Sự kiện bị sự kiện khác loại", "Event displaced"),
        Text(
            "Sự kiện {event_id} của hồ sơ {dossier} đã ghi nhận nhưng không còn hợp lệ sau một sự kiện đến muộn. "
            "Hãy hủy (voided) một trong hai.",
            "Event {event_id} of dossier {dossier} is logged, but an event that came late has made it impossible. "
            "Void one of the two.",
        ),
    ),
    errors.EventUnknown: ProblemType(
        404,
        Text("Không có sự kiện cần hủy", "Unknown event"),
        Text(
            "Hồ sơ này không có sự kiện {event_id} để hủy. Xem /v1/dossiers/…/events.",
            "This dossier has no event {event_id} to void. See /v1/dossiers/…/events.",
        ),
    ),
    errors.AlreadyExtended: ProblemType(
        409,
        Text("Đã gia hạn một lần", "Already extended"),
        Text(
            "Hồ sơ đã được gia hạn đến {due_at}; chỉ được hẹn lại một lần (NĐ 61/2018 Điều 19 khoản 9).",
            "The dossier was already put off to {due_at}; only once is allowed (Decree 61/2018, art. 19(9)).",
        ),
    ),
    errors.ExtensionNotLater: ProblemType(
        422,
        Text("Ngày hẹn lại không muộn hơn", "Extension not later"),
        Text(
            "Ngày hẹn lại {due_at} phải muộn hơn hạn hiện tại ({due_current}).",
            "The new date {due_at} must be later than the present one ({due_current}).",
        ),
    ),
    errors.KeyUnknown: ProblemType(
        404,
        Text("Không có khóa này", "Unknown key"),
        Text("Không có khóa {key_id}.", "There is no key {key_id}."),
    ),
    errors.RunUnknown: ProblemType(
        404,
        Text("Không có lượt chạy này", "Unknown run"),
        Text("Không có lượt chạy {run_id}. Xem /v1/runs.", "There is no run {run_id}. See /v1/runs."),
    ),
    errors.KeyWouldExceed: ProblemType(
        409,
        Text("Khóa vượt quyền người cấp", "Key would exceed its issuer"),
        Text(
            "Không thể cấp khóa với các quyền {scopes} cho đơn vị và thời hạn đó: chính khóa của bạn không có đủ.",
            "You cannot give {scopes} for that unit and that long: your own key does not have them all.",
        ),
    ),
    errors.ProvinceWide: ProblemType(
        403,
        Text("Chỉ cấp tỉnh được thay đổi", "Province-wide"),
        Text(
            "Thủ tục, lịch làm việc và các lượt tính lại áp dụng cho toàn tỉnh; "
            "khóa của {unit_code} không được thay đổi.",
            "Procedures, the calendar and runs hold for the whole province; a key of {unit_code} may not change them.",
        ),
    ),
    errors.CatalogueInconsistent: ProblemType(
        409,
        Text("Danh mục mâu thuẫn", "Catalogue inconsistent"),
        Text(
            "Không ghi gì cả, vì danh mục sẽ mâu thuẫn: {message}.",
            "Nothing was written, because the catalogue would contradict itself: {message}.",
        ),
    ),
    errors.UnsupportedEventFormat: ProblemType(
        415,
        Text("Kiểu nội dung không được hỗ trợ", "Unsupported media type"),
        Text(
            "Gửi application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, "
            "hoặc application/json kèm tiêu đề ce-*; đã nhận «{media_type}».",
            "Send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, "
            "or application/json with ce-* headers; got {media_type!r}.",
        ),
    ),
    access_tokens.TokenUnverified: ProblemType(
        401,
        Text("Không xác minh được mã truy cập", "Token not verified"),
        Text(
            "Mã truy cập bị hỏng, hoặc không được ký bằng khóa của hệ thống định danh đã khai báo. Hãy đăng nhập lại.",
            "The access token is damaged, or no key of the issuer verifies it. Ask the issuer for a new one.",
        ),
        INVALID_TOKEN,
    ),
    access_tokens.TokenForeign: ProblemType(
        401,
        Text("Mã truy cập của nơi khác", "Token meant for others"),
        Text(
            "Mã truy cập có «{claim}» không phải của hệ thống này. Kiểm tra cấu hình ứng dụng.",
            "The access token's `{claim}` is not the one taken here. Check what your client asks the issuer for.",
        ),
        INVALID_TOKEN,
    ),
    access_tokens.TokenIncomplete: ProblemType(
        401,
        Text("Mã truy cập thiếu thông tin", "Token incomplete"),
        Text(
            "Mã truy cập thiếu «{claim}» hoặc giá trị không dùng được; hãy báo quản trị hệ thống định danh.",
            "The access token's `{claim}` is missing or cannot be used; tell the administrator of the issuer.",
        ),
        INVALID_TOKEN,
    ),
    access_tokens.TokenExpired: ProblemType(
        401,
        Text("Mã truy cập đã hết hạn", "Token expired"),
        Text(
            "Mã truy cập đã hết hạn lúc {expired_at}. Hãy lấy mã mới.",
            "The access token expired at {expired_at}. Ask the issuer for a new one.",
        ),
        INVALID_TOKEN,
    ),
    access_tokens.TokenNotYetValid: ProblemType(
        401,
        Text("Mã truy cập chưa có hiệu lực", "Token not yet valid"),
        Text(
            "Mã truy cập chỉ có hiệu lực từ {valid_from}. Kiểm tra đồng hồ của các máy chủ.",
            "The access token is valid from {valid_from} only. Check the clocks of the servers.",
        ),
        INVALID_TOKEN,
    ),
}
