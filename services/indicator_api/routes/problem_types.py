"""Status and wording of every error of indicator_api."""

from collections.abc import Mapping

from indicator_api.domain.definitions import IndicatorNotFound
from indicator_api.domain.selection import AsOfOutsidePeriod, UnitNotFound
from indicator_api.routes.formats import NotAcceptable
from indicator_api.usecases.keep_targets import TargetsProvinceWide
from indicator_api.usecases.list_dossiers import NoDossiersBehind
from indicator_api.usecases.list_offers import NoServicesBehind, NoUnitsBehind
from indicator_api.usecases.wait_for_position import PositionNotReached
from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import ProblemType
from shared.periods import UnknownPeriod

PROBLEM_TYPES: Mapping[type[DomainError], ProblemType] = {
    UnknownPeriod: ProblemType(
        422,
        Text("Kỳ báo cáo không hợp lệ", "Unknown period"),
        Text(
            "«{period}» không phải là kỳ báo cáo; hãy dùng 2020, 2020-H1, 2020-9M, 2020-Q1, 2020-03 "
            "hoặc 2019-10-01/2020-01-01.",
            "{period} names no period; use 2020, 2020-H1, 2020-9M, 2020-Q1, 2020-03 or 2019-10-01/2020-01-01.",
        ),
    ),
    AsOfOutsidePeriod: ProblemType(
        422,
        Text("Ngày chốt nằm ngoài kỳ", "As-of day outside the period"),
        Text(
            "Ngày {as_of} không thuộc kỳ từ {first} đến hết {last}.",
            "{as_of} is not among the days {first} to {last}.",
        ),
    ),
    UnitNotFound: ProblemType(
        404,
        Text("Không tìm thấy đơn vị", "Unit not found"),
        Text("Không có đơn vị «{unit_code}».", "There is no unit {unit_code}."),
    ),
    IndicatorNotFound: ProblemType(
        404,
        Text("Không tìm thấy chỉ số", "Indicator not found"),
        Text(
            "Không có chỉ số «{indicator}»; xem danh mục tại /v1/indicators.",
            "There is no indicator {indicator}; see /v1/indicators.",
        ),
    ),
    NoDossiersBehind: ProblemType(
        404,
        Text("Chỉ số không tính từ hồ sơ", "No dossiers behind"),
        Text(
            "Chỉ số «{indicator}» không đếm hồ sơ nên không có danh sách hồ sơ.",
            "{indicator} does not count dossiers, so no list of dossiers stands behind it.",
        ),
    ),
    NoServicesBehind: ProblemType(
        404,
        Text("Chỉ số không tính từ thủ tục", "No services behind"),
        Text(
            "Chỉ số «{indicator}» không đếm thủ tục nên không có danh sách thủ tục.",
            "{indicator} does not count services, so no list of services stands behind it.",
        ),
    ),
    NoUnitsBehind: ProblemType(
        404,
        Text("Chỉ số không tính từ đơn vị", "No units behind"),
        Text(
            "Chỉ số «{indicator}» không đếm đơn vị nên không có danh sách đơn vị.",
            "{indicator} does not count units, so no list of units stands behind it.",
        ),
    ),
    NotAcceptable: ProblemType(
        406,
        Text("Không có định dạng được yêu cầu", "Not acceptable"),
        Text("Chỉ có các định dạng: {offered}.", "Only these are to be had: {offered}."),
    ),
    TargetsProvinceWide: ProblemType(
        403,
        Text("Mục tiêu là của toàn tỉnh", "Targets are the province's"),
        Text(
            "Khóa của đơn vị «{unit_code}» không được đổi mục tiêu của toàn tỉnh; hãy dùng khóa cấp tỉnh.",
            "A key of {unit_code} may not change the province's targets; use a key of the whole province.",
        ),
    ),
    PositionNotReached: ProblemType(
        503,
        Text("Số liệu chưa cập nhật đến vị trí yêu cầu", "Position not reached"),
        Text(
            "Số liệu mới cập nhật đến vị trí {reached}, chưa đến {position}; hãy thử lại sau.",
            "The figures are complete up to position {reached}, not yet {position}; try again.",
        ),
        headers={"Retry-After": "2"},
    ),
}
