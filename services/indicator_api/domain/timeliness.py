"""Whether the province keeps its word: the four on-time rates, and what stands beside them."""

from indicator_api.domain.counts import Count
from indicator_api.domain.formulae import FINISHED, IN_HAND, IN_TIME, Definition, DossierRatio
from indicator_api.domain.wording import Wording

# Rule: QĐ 766 index 2.1, domain c.1 OT3, contract section 5: 766's own ends above the line, O + N below it. Every
# dossier in hand is judged once in a period, so what ended early by 766's rules stays in hand until it is closed.
LIMITS_766 = Wording(
    "Mỗi hồ sơ được xét tại thời điểm kết thúc theo QĐ 766: xử lý xong, nếu không có thì rút hoặc dừng; yêu cầu bổ "
    "sung một lần thì xét tại lúc yêu cầu, từ hai lần trở lên thì là quá hạn kể từ lần thứ hai; chưa kết thúc thì xét "
    "tại cuối kỳ, chờ nghĩa vụ tài chính thì tại lúc bắt đầu chờ. Hồ sơ không có hạn xét theo thời hạn dài nhất mà thủ "
    "tục đã có tính đến ngày tiếp nhận; thủ tục chưa từng có thời hạn thì không quá hạn. Mẫu số là số hồ sơ phải giải "
    "quyết trong kỳ: hồ sơ đã yêu cầu bổ sung mà chưa đóng vẫn được tính ở các kỳ sau; hồ sơ từ chối tiếp nhận không "
    "tính; hồ sơ nhận chuyển đến chỉ nằm ở tử số.",
    "Each dossier is judged at its end by QĐ 766: when it was finished, else withdrawn or stopped; asked once for "
    "papers, at the moment of asking; asked again, late from the second request on; not ended, at the period's end, "
    "while payment is awaited at the moment that wait began. Without a due date the longest time its procedure had by "
    "the day of acceptance is taken; a procedure that never had one is never late. Below the line are all dossiers in "
    "hand: one asked for papers and not closed yet is in later periods too; refused ones are in neither part; those "
    "transferred in are above the line only.",
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
        2,
        Wording(
            "Tỷ lệ hồ sơ kết thúc đúng hạn hoặc đang giải quyết còn trong hạn, theo quy tắc của QĐ 766, trên tổng số "
            "hồ sơ phải giải quyết",
            "Of all dossiers in hand, those ended in time or still open within their time, by the rules of QĐ 766",
        ),
        Wording(
            "(kết thúc đúng hạn theo QĐ 766 + đang giải quyết trong hạn theo QĐ 766) / "
            "(kỳ trước chuyển sang + tiếp nhận)",
            "(ended_in_time_766 + open_in_time_766) / (carried_over + received)",
        ),
        "QĐ 766/QĐ-TTg chỉ số 2.1; domain c.1 OT3",
        DossierRatio({Count.ENDED_IN_TIME_766: 1, Count.OPEN_IN_TIME_766: 1}, IN_HAND),
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
