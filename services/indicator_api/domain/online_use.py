"""What is offered online and what is used online: the meanings A, B, C and C′."""

from indicator_api.domain.counts import Count
from indicator_api.domain.formulae import Definition, DossierRatio, Offered, ServiceRatio
from indicator_api.domain.wording import Wording

_LEVEL_SETS = {"3": frozenset({3}), "4": frozenset({4}), "34": frozenset({3, 4})}
_LEVEL_NAMES = {
    "3": Wording("mức độ 3 (một phần)", "level 3 (partial)"),
    "4": Wording("mức độ 4 (toàn trình)", "level 4 (full)"),
    "34": Wording("mức độ 3 và 4", "levels 3 and 4"),
}


def _online_supply(suffix: str) -> Definition:
    name = _LEVEL_NAMES[suffix]
    return Definition(
        f"online_supply_{suffix}",
        1,
        Wording(
            f"Tỷ lệ thủ tục cung cấp dịch vụ công trực tuyến {name.vi}",
            f"Of all services in force, those offered online at {name.en}",
        ),
        Wording(
            f"thủ tục {name.vi} / thủ tục còn hiệu lực vào ngày cuối kỳ",
            f"services at {name.en} / services in force on the period's last day",
        ),
        "QĐ 766/QĐ-TTg 3.1; NĐ 43/2011, NĐ 42/2022, NĐ 224/2026; domain c.3 A",
        ServiceRatio(Offered.AT_LEVEL, _LEVEL_SETS[suffix]),
    )


def _online_active(suffix: str) -> Definition:
    name = _LEVEL_NAMES[suffix]
    return Definition(
        f"online_active_{suffix}",
        1,
        Wording(
            f"Tỷ lệ dịch vụ công trực tuyến {name.vi} có phát sinh hồ sơ trực tuyến",
            f"Of the services offered at {name.en}, those with at least one dossier filed online",
        ),
        Wording(
            f"dịch vụ {name.vi} có ≥ 1 hồ sơ trực tuyến / dịch vụ {name.vi} được cung cấp trong kỳ",
            f"services at {name.en} with an online dossier / services offered at {name.en} at any time in the period",
        ),
        "QĐ 766/QĐ-TTg 3.2; domain c.3 B",
        ServiceRatio(Offered.USED_ONLINE, _LEVEL_SETS[suffix]),
    )


def _online_usage(suffix: str) -> Definition:
    name = _LEVEL_NAMES[suffix]
    return Definition(
        f"online_usage_{suffix}",
        1,
        Wording(
            f"Tỷ lệ hồ sơ nộp trực tuyến của các dịch vụ {name.vi}",
            f"Of the dossiers of services at {name.en}, those filed online",
        ),
        Wording(
            f"hồ sơ trực tuyến / tổng hồ sơ của các dịch vụ {name.vi}",
            f"received_online / received, of services at {name.en}",
        ),
        "TT 23/2018 Điều 8; QĐ 766/QĐ-TTg 3.3; domain c.3 C",
        DossierRatio({Count.RECEIVED_ONLINE: 1}, {Count.RECEIVED: 1}, _LEVEL_SETS[suffix]),
    )


ONLINE = (
    *(define(suffix) for define in (_online_supply, _online_active, _online_usage) for suffix in _LEVEL_SETS),
    Definition(
        "online_of_all",
        1,
        Wording(
            "Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận, không kể mức độ dịch vụ",
            "Of all dossiers received, whatever the service, those filed online",
        ),
        Wording("hồ sơ trực tuyến / hồ sơ tiếp nhận", "received_online / received"),
        "TT 01/2018/TT-VPCP chỉ số 9; domain c.3 C′",
        DossierRatio({Count.RECEIVED_ONLINE: 1}, {Count.RECEIVED: 1}),
    ),
)
