"""The registry of indicators: what each means, how it is computed and where that stands written."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from indicator_api.domain.counts import Count, Linear
from indicator_api.domain.selection import PLACE, TIME, Dimension
from shared.errors import DomainError


class IndicatorNotFound(DomainError):
    """The registry holds no such indicator."""

    code = "indicator-not-found"

    def __init__(self, indicator: str) -> None:
        super().__init__(f"there is no indicator {indicator}")
        self.indicator = indicator


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class DossierRatio:
    """Counts over counts; with `online_levels`, of the dossiers of services at one of these levels only."""

    numerator: Linear
    denominator: Linear
    online_levels: frozenset[int] = frozenset()


class Offered(StrEnum):
    """Which of the offered services are counted above the line."""

    AT_LEVEL = "at_level"
    USED_ONLINE = "used_online"
    AT_ONE_STOP = "at_one_stop"


@dataclass(frozen=True)
class ServiceRatio:
    """Services over services."""

    offered: Offered
    online_levels: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OneStopUnits:
    """Units with a one-stop shop over units."""


Formula = DossierRatio | ServiceRatio | OneStopUnits


@dataclass(frozen=True)
class Definition:
    """One indicator.  A change of formula or meaning is a new version under the same id."""

    id: str
    version: int
    meaning: Wording
    formula: Wording
    source: str
    computed: Formula

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """Return what the indicator can be narrowed and grouped by: a service has no channel, a unit no field."""
        match self.computed:
            case DossierRatio():
                return frozenset(Dimension)
            case ServiceRatio():
                return frozenset(Dimension) - {Dimension.CHANNEL}
            case OneStopUnits():
                return frozenset({*PLACE, *TIME})


_IN_TIME: Linear = {Count.EARLY: 1, Count.ON_TIME: 1}
_FINISHED: Linear = {**_IN_TIME, Count.LATE: 1}
_IN_HAND: Linear = {Count.CARRIED_OVER: 1, Count.RECEIVED: 1}

_ON_TIME = (
    Definition(
        "on_time_rate",
        1,
        Wording(
            "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn trên số hồ sơ đã giải quyết",
            "Of the dossiers finished, those finished early or on time",
        ),
        Wording(
            "(trước hạn + đúng hạn) / (trước hạn + đúng hạn + quá hạn)", "(early + on_time) / (early + on_time + late)"
        ),
        "PAR INDEX; domain c.1 OT1",
        DossierRatio(_IN_TIME, _FINISHED),
    ),
    Definition(
        "on_time_of_received",
        1,
        Wording(
            "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn trên tổng số hồ sơ tiếp nhận, gồm cả kỳ trước chuyển sang",
            "Of all dossiers in hand, carried over or received, those finished early or on time",
        ),
        Wording(
            "(trước hạn + đúng hạn) / (kỳ trước chuyển sang + tiếp nhận)",
            "(early + on_time) / (carried_over + received)",
        ),
        "NĐ 61/2018/NĐ-CP Điều 30; domain c.1 OT2",
        DossierRatio(_IN_TIME, _IN_HAND),
    ),
    Definition(
        "on_time_strict",
        1,
        Wording(
            "Tỷ lệ hồ sơ không quá hạn trên tổng số hồ sơ tiếp nhận: hồ sơ tồn đọng quá hạn bị tính là chậm",
            "Of all dossiers in hand, those neither finished late nor open past their due date",
        ),
        Wording(
            "1 − (quá hạn + đang giải quyết quá hạn) / (kỳ trước chuyển sang + tiếp nhận)",
            "1 - (late + open_overdue) / (carried_over + received)",
        ),
        "domain c.1 OT4",
        DossierRatio({**_IN_HAND, Count.LATE: -1, Count.OPEN_OVERDUE: -1}, _IN_HAND),
    ),
)

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


_ONLINE = (
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

_CONDUCT = (
    Definition(
        "late_acceptance",
        1,
        Wording(
            "Tỷ lệ hồ sơ trực tuyến chậm tiếp nhận (quá 8 giờ làm việc)",
            "Of the dossiers submitted online, those left unanswered for more than 8 working hours",
        ),
        Wording("hồ sơ chậm tiếp nhận / hồ sơ nộp trực tuyến", "late_acceptances / submitted_online"),
        "NĐ 297/2025/NĐ-CP Điều 6; domain c.7",
        DossierRatio({Count.LATE_ACCEPTANCES: 1}, {Count.SUBMITTED_ONLINE: 1}),
    ),
    Definition(
        "supplement_rate",
        1,
        Wording(
            "Số lần yêu cầu bổ sung trên mỗi hồ sơ phải giải quyết", "Supplement requests for each dossier in hand"
        ),
        Wording(
            "số lần yêu cầu bổ sung / (kỳ trước chuyển sang + tiếp nhận)",
            "supplement_requests / (carried_over + received)",
        ),
        "NĐ 61/2018/NĐ-CP Điều 19; domain c.7",
        DossierRatio({Count.SUPPLEMENT_REQUESTS: 1}, _IN_HAND),
    ),
    Definition(
        "refusal_rate",
        1,
        Wording("Tỷ lệ hồ sơ bị từ chối tiếp nhận", "Of the dossiers presented, those refused"),
        Wording("từ chối tiếp nhận / (từ chối tiếp nhận + tiếp nhận)", "refused / (refused + received)"),
        "NĐ 61/2018/NĐ-CP Điều 17; domain c.7",
        DossierRatio({Count.REFUSED: 1}, {Count.REFUSED: 1, Count.RECEIVED: 1}),
    ),
    Definition(
        "postal_in",
        1,
        Wording("Tỷ lệ hồ sơ tiếp nhận qua bưu chính công ích", "Of the dossiers received, those sent by public post"),
        Wording("tiếp nhận qua bưu chính / tiếp nhận", "received_postal / received"),
        "QĐ 45/2016/QĐ-TTg; domain c.7",
        DossierRatio({Count.RECEIVED_POSTAL: 1}, {Count.RECEIVED: 1}),
    ),
    Definition(
        "postal_out",
        1,
        Wording("Tỷ lệ kết quả trả qua bưu chính công ích", "Of the results handed over, those sent by public post"),
        Wording("trả kết quả qua bưu chính / trả kết quả", "returned_postal / returned"),
        "QĐ 45/2016/QĐ-TTg; domain c.7",
        DossierRatio({Count.RETURNED_POSTAL: 1}, {Count.RETURNED: 1}),
    ),
)

_ONE_STOP = (
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

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {one.id: one for one in (*_ON_TIME, *_ONLINE, *_CONDUCT, *_ONE_STOP)}
)


def definition_of(indicator: str) -> Definition:
    """Return the current definition; raises IndicatorNotFound."""
    try:
        return DEFINITIONS[indicator]
    except KeyError:
        raise IndicatorNotFound(indicator) from None
