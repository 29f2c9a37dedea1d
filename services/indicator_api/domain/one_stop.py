"""What the one-stop shops cover."""

from indicator_api.domain.formulae import Definition, Offered, OneStopUnits, ServiceRatio
from indicator_api.domain.wording import Wording

ONE_STOP = (
    Definition(
        "one_stop_coverage",
        1,
        Wording(
            "Tỷ lệ thủ tục thực hiện theo cơ chế một cửa",
            "Of all services in force, those handled at the one-stop shop",
        ),
        Wording(
            "thủ tục tại một cửa / thủ tục còn hiệu lực vào ngày cuối kỳ",
            "services at the one-stop shop / services in force on the period's last day",
        ),
        "NĐ 61/2018/NĐ-CP Điều 14; form II.07b; domain d.3",
        ServiceRatio(Offered.AT_ONE_STOP),
    ),
    Definition(
        "units_with_one_stop",
        1,
        Wording("Tỷ lệ đơn vị có bộ phận một cửa", "Of all units in force, those with a one-stop shop"),
        Wording(
            "đơn vị có bộ phận một cửa / đơn vị đang hoạt động vào ngày cuối kỳ",
            "units with a one-stop shop / units in force on the period's last day",
        ),
        "NĐ 61/2018/NĐ-CP Điều 7; domain a.1",
        OneStopUnits(),
    ),
)
