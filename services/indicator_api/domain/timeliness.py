"""Whether the province keeps its word: the four on-time rates, and what stands beside them."""

from indicator_api.domain.counts import Count
from indicator_api.domain.formulae import FINISHED, IN_HAND, IN_TIME, Definition, DossierRatio
from indicator_api.domain.wording import Wording

# Rule: domain c.1 OT3 and contract section 5.
LIMITS_766 = Wording(
    "Thời điểm kết thúc theo đồng hồ của hệ thống này, không theo QĐ 766: hồ sơ chờ bổ sung, chờ nghĩa vụ tài chính, "
    "rút hoặc dừng không nằm ở tử số; hồ sơ yêu cầu bổ sung một lần không coi là kết thúc lúc yêu cầu; hồ sơ yêu cầu "
    "bổ sung từ hai lần trở lên không tự động coi là quá hạn; hồ sơ không có hạn không nằm ở tử số.",
    "Ends are those of this system's clock, not QĐ 766's own: a dossier waiting for papers or payment, withdrawn or "
    "stopped is not above the line; one supplement request does not end a dossier, and a second one does not make it "
    "late; a dossier without a time limit is not above the line.",
)

TIMELINESS = (
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
        DossierRatio(IN_TIME, FINISHED),
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
        DossierRatio(IN_TIME, IN_HAND),
    ),
    Definition(
        "on_time_766",
        1,
        Wording(
            "Tỷ lệ hồ sơ giải quyết đúng hạn hoặc đang giải quyết còn trong hạn trên tổng số hồ sơ phải giải quyết",
            "Of all dossiers in hand, those finished early or on time or still open within their time",
        ),
        Wording(
            "(trước hạn + đúng hạn + đang giải quyết trong hạn) / (kỳ trước chuyển sang + tiếp nhận)",
            "(early + on_time + open_in_time) / (carried_over + received)",
        ),
        "QĐ 766/QĐ-TTg chỉ số 2.1; domain c.1 OT3",
        DossierRatio({**IN_TIME, Count.OPEN_IN_TIME: 1}, IN_HAND),
        LIMITS_766,
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
        DossierRatio({**IN_HAND, Count.LATE: -1, Count.OPEN_OVERDUE: -1}, IN_HAND),
    ),
    Definition(
        "time_score",
        1,
        Wording(
            "Điểm thời gian giải quyết bình quân mỗi hồ sơ: trước hạn 2 điểm, đúng hạn 1 điểm, quá hạn 0 điểm",
            "Mean score of handling time: 2 for a dossier finished early, 1 on time, 0 late",
        ),
        Wording(
            "(2 × trước hạn + đúng hạn) / (trước hạn + đúng hạn + quá hạn)",
            "(2 * early + on_time) / (early + on_time + late)",
        ),
        "TT 01/2018/TT-VPCP chỉ số 1; domain c.5",
        DossierRatio({Count.EARLY: 2, Count.ON_TIME: 1}, FINISHED),
    ),
    Definition(
        "apology_coverage",
        1,
        Wording(
            "Tỷ lệ thư xin lỗi gửi trước khi hết hạn trên số hồ sơ trở thành quá hạn trong kỳ",
            "Letters of apology sent in time for each dossier that fell overdue in the period",
        ),
        Wording(
            "thư xin lỗi gửi kịp / (quá hạn + đang giải quyết quá hạn − quá hạn từ kỳ trước chuyển sang)",
            "apologies_in_time / (late + open_overdue - overdue_carried_over)",
        ),
        "NĐ 61/2018/NĐ-CP Điều 19(9); domain c.7",
        DossierRatio(
            {Count.APOLOGIES_IN_TIME: 1}, {Count.LATE: 1, Count.OPEN_OVERDUE: 1, Count.OVERDUE_CARRIED_OVER: -1}
        ),
        Wording(
            "Hồ sơ đã quá hạn từ trước mà trong kỳ được rút, dừng hoặc chờ bổ sung làm giảm mẫu số; mẫu số không "
            "dương thì không có giá trị. Thư gửi trong kỳ cho hồ sơ đến hạn kỳ sau cũng được tính, nên giá trị có thể "
            "trên 1.",
            "A dossier overdue before that is withdrawn, stopped or waiting in the period lowers the denominator; one "
            "not above 0 has no value. A letter for a dossier due in the next period counts, so the value may pass 1.",
        ),
    ),
)
