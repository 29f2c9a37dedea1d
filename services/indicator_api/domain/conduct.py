"""How dossiers are taken in, asked for more, refused, sent and judged by citizens."""

from indicator_api.domain.counts import Count
from indicator_api.domain.formulae import IN_HAND, Definition, DossierRatio, Reported
from indicator_api.domain.wording import Wording

NOT_FROM_EVENTS = Wording(
    "Số liệu do đơn vị báo cáo, không có trong sự kiện hồ sơ; vì vậy luôn trống ở đây và được nhập trong báo cáo.",
    "Told by the units in their reports, not by the events of dossiers: always empty here, filled in there.",
)
# Rule: SIPAS counts the two highest of five answers as satisfied; contract section 3, scores 1 to 5.
RATED_ONLY = Wording(
    "Hài lòng là 4 hoặc 5 điểm trên 5. Chỉ tính hồ sơ được người nộp chấm điểm sau khi có kết quả, vào ngày chấm; "
    "hồ sơ chấm lại thì chỉ tính lần cuối. Không gồm phiếu khảo sát do đơn vị báo cáo.",
    "Satisfied is a score of 4 or 5 of 5. Only dossiers that citizens rated once decided count, on the day of rating; "
    "one rated again counts its last rating alone. Surveys that units report are not in it.",
)

CONDUCT = (
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
        DossierRatio({Count.SUPPLEMENT_REQUESTS: 1}, IN_HAND),
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
    Definition(
        "satisfaction",
        2,
        Wording(
            "Tỷ lệ hồ sơ được đánh giá hài lòng", "Of the dossiers that citizens rated, those they were satisfied with"
        ),
        Wording("hài lòng / được đánh giá", "satisfied / rated"),
        "Kế hoạch 447/KH-UBND ngày 18/4/2017; SIPAS; domain a.3",
        DossierRatio({Count.SATISFIED: 1}, {Count.RATED: 1}),
        RATED_ONLY,
    ),
    Definition(
        "disclosure_rate",
        1,
        Wording("Tỷ lệ thủ tục được công khai đúng quy định", "Of all services in force, those disclosed as required"),
        Wording("thủ tục đã công khai / thủ tục còn hiệu lực", "services disclosed / services in force"),
        "QĐ 766/QĐ-TTg chỉ số 1.2, 1.3; TT 01/2018/TT-VPCP chỉ số 6; domain c.4",
        Reported(),
        NOT_FROM_EVENTS,
    ),
    Definition(
        "petitions_answered",
        1,
        Wording("Tỷ lệ phản ánh, kiến nghị được trả lời đúng hạn", "Of the petitions received, those answered in time"),
        Wording("phản ánh, kiến nghị trả lời đúng hạn / tiếp nhận", "petitions answered in time / petitions received"),
        "NĐ 20/2008/NĐ-CP; TT 01/2018/TT-VPCP chỉ số 8; domain c.4",
        Reported(),
        NOT_FROM_EVENTS,
    ),
)
