"""What every count is called and means, and where that stands written."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from indicator_api.domain.counts import Count
from indicator_api.domain.wording import Wording


@dataclass(frozen=True)
class Meaning:
    """A count's heading, what it counts, and its source.  A change of meaning is a new version."""

    name: Wording
    meaning: Wording
    source: str
    version: int = 1


MEANINGS: Mapping[Count, Meaning] = MappingProxyType(
    {
        Count.CARRIED_OVER: Meaning(
            Wording("Kỳ trước chuyển sang", "Carried over"),
            Wording(
                "Hồ sơ đang giải quyết vào lúc kỳ bắt đầu",
                "Dossiers open when the period began",
            ),
            "II.06a cột 6; domain d.2",
        ),
        Count.RECEIVED: Meaning(
            Wording("Tiếp nhận trong kỳ", "Received"),
            Wording(
                "Hồ sơ được tiếp nhận trong kỳ; không kể hồ sơ bị từ chối",
                "Dossiers accepted in the period; refused ones never count",
            ),
            "II.06a cột 4, 5; domain d.2",
        ),
        Count.RECEIVED_ONLINE: Meaning(
            Wording("Tiếp nhận trực tuyến", "Received online"),
            Wording(
                "Hồ sơ tiếp nhận qua kênh trực tuyến",
                "Of those received, filed online",
            ),
            "II.06a cột 4; domain d.2",
        ),
        Count.RECEIVED_DIRECT: Meaning(
            Wording("Tiếp nhận trực tiếp", "Received at the counter"),
            Wording(
                "Hồ sơ nộp trực tiếp tại bộ phận một cửa",
                "Of those received, filed at the counter",
            ),
            "II.06a cột 5; domain d.2",
        ),
        Count.RECEIVED_POSTAL: Meaning(
            Wording("Tiếp nhận qua bưu chính", "Received by post"),
            Wording(
                "Hồ sơ nộp qua bưu chính công ích",
                "Of those received, sent by public post",
            ),
            "II.06a cột 5; domain d.2",
        ),
        Count.TRANSFERRED_IN: Meaning(
            Wording("Nhận chuyển đến", "Transferred in"),
            Wording(
                "Hồ sơ đang giải quyết được chuyển từ ngoài vào phạm vi chọn",
                "Open dossiers that came from outside the selection",
            ),
            "contract 5",
        ),
        Count.TRANSFERRED_OUT: Meaning(
            Wording("Chuyển đi", "Transferred out"),
            Wording(
                "Hồ sơ đang giải quyết được chuyển ra ngoài phạm vi chọn",
                "Open dossiers that left the selection",
            ),
            "contract 5",
        ),
        Count.EARLY: Meaning(
            Wording("Trước hạn", "Early"),
            Wording(
                "Hồ sơ giải quyết xong trước ngày đến hạn",
                "Finished on a day before the due day",
            ),
            "II.06a cột 8; domain b.4",
        ),
        Count.ON_TIME: Meaning(
            Wording("Đúng hạn", "On time"),
            Wording(
                "Hồ sơ giải quyết xong trong ngày đến hạn; tính theo giờ thì không quá giờ hẹn",
                "Finished on the due day; by the due moment where hours count",
            ),
            "II.06a cột 9; domain b.4",
        ),
        Count.LATE: Meaning(
            Wording("Quá hạn", "Late"),
            Wording(
                "Hồ sơ giải quyết xong sau hạn",
                "Finished after the due date",
            ),
            "II.06a cột 10; domain b.4",
        ),
        Count.UNDETERMINED: Meaning(
            Wording("Không xác định hạn", "Undetermined"),
            Wording(
                "Hồ sơ giải quyết xong của thủ tục không quy định thời hạn; chỉ QĐ 766 xét là đúng hạn hay quá hạn",
                "Finished without a due date; called in time or late by QĐ 766 alone",
            ),
            "domain b.4",
        ),
        Count.WITHDRAWN: Meaning(
            Wording("Rút", "Withdrawn"),
            Wording(
                "Hồ sơ công dân rút sau khi tiếp nhận",
                "Taken back by the citizen",
            ),
            "II.06a cột 9; domain b.2",
        ),
        Count.STOPPED: Meaning(
            Wording("Dừng", "Stopped"),
            Wording(
                "Hồ sơ dừng giải quyết, không có kết quả",
                "Ended without a decision",
            ),
            "II.06a cột 9; domain b.2",
        ),
        Count.OPEN: Meaning(
            Wording("Đang giải quyết", "Open"),
            Wording(
                "Hồ sơ chưa giải quyết xong vào cuối ngày chốt",
                "Open at the close of the last day",
            ),
            "II.06a cột 11; domain d.2",
        ),
        Count.OPEN_IN_TIME: Meaning(
            Wording("Đang giải quyết trong hạn", "Open in time"),
            Wording(
                "Hồ sơ đang giải quyết, chưa đến hạn vào cuối ngày chốt",
                "Open and not past the due date at the close of the last day",
            ),
            "II.06a cột 12; domain d.2",
        ),
        Count.OPEN_OVERDUE: Meaning(
            Wording("Đang giải quyết quá hạn", "Open overdue"),
            Wording(
                "Hồ sơ đang giải quyết, đã quá hạn vào cuối ngày chốt",
                "Open past the due date at the close of the last day",
            ),
            "II.06a cột 13; domain d.2",
        ),
        Count.WAITING: Meaning(
            Wording("Chờ bổ sung, chờ nghĩa vụ tài chính", "Waiting"),
            Wording(
                "Hồ sơ chờ công dân bổ sung giấy tờ hoặc thực hiện nghĩa vụ tài chính",
                "Waiting for papers or payment",
            ),
            "II.06a cột 12; domain b.2",
        ),
        Count.REFUSED: Meaning(
            Wording("Từ chối tiếp nhận", "Refused"),
            Wording(
                "Hồ sơ nộp nhưng không được tiếp nhận",
                "Filed and turned away",
            ),
            "TT 01/2018/TT-VPCP mẫu 03; domain b.2",
        ),
        Count.SUPPLEMENT_REQUESTS: Meaning(
            Wording("Lần yêu cầu bổ sung", "Supplement requests"),
            Wording(
                "Số lần yêu cầu bổ sung, hoàn thiện; một hồ sơ có thể nhiều lần",
                "Requests for missing papers; a dossier may have several",
            ),
            "NĐ 61/2018/NĐ-CP Điều 19(4)",
        ),
        Count.EXTENSIONS: Meaning(
            Wording("Lần gia hạn", "Extensions"),
            Wording(
                "Số lần xin lỗi và hẹn lại ngày trả kết quả",
                "Re-appointments with a letter of apology",
            ),
            "NĐ 61/2018/NĐ-CP Điều 19(9)",
        ),
        Count.RETURNED: Meaning(
            Wording("Đã trả kết quả", "Returned"),
            Wording(
                "Hồ sơ đã trả kết quả cho công dân",
                "Results handed over",
            ),
            "domain b.2",
        ),
        Count.SUBMITTED: Meaning(
            Wording("Nộp", "Submitted"),
            Wording(
                "Hồ sơ nộp, chưa kể được tiếp nhận hay không",
                "Filed, whether accepted or not",
            ),
            "domain b.2",
        ),
        Count.SUBMITTED_ONLINE: Meaning(
            Wording("Nộp trực tuyến", "Submitted online"),
            Wording(
                "Hồ sơ nộp trực tuyến, chưa kể được tiếp nhận hay không",
                "Filed online, whether accepted or not",
            ),
            "domain b.2",
        ),
        Count.LATE_ACCEPTANCES: Meaning(
            Wording("Chậm tiếp nhận", "Late acceptances"),
            Wording(
                "Hồ sơ trực tuyến quá 8 giờ làm việc chưa được trả lời",
                "Filed online and not answered within 8 working hours",
            ),
            "NĐ 297/2025/NĐ-CP Điều 6(4)a",
        ),
        Count.APOLOGIES_IN_TIME: Meaning(
            Wording("Thư xin lỗi gửi kịp", "Apologies in time"),
            Wording(
                "Thư xin lỗi gửi trước ngày hết hạn ít nhất một ngày",
                "Letters of apology sent at least a day before the due day",
            ),
            "NĐ 61/2018/NĐ-CP Điều 19(9)",
        ),
        Count.RETURNED_POSTAL: Meaning(
            Wording("Trả kết quả qua bưu chính", "Returned by post"),
            Wording(
                "Kết quả trả qua bưu chính công ích",
                "Results sent by public post",
            ),
            "QĐ 45/2016/QĐ-TTg",
        ),
        Count.OVERDUE_CARRIED_OVER: Meaning(
            Wording("Quá hạn kỳ trước chuyển sang", "Overdue carried over"),
            Wording(
                "Hồ sơ đang giải quyết đã quá hạn vào lúc kỳ bắt đầu",
                "Open and overdue when the period began",
            ),
            "domain c.7",
        ),
        Count.ENDED_IN_TIME_766: Meaning(
            Wording("Kết thúc đúng hạn theo QĐ 766", "Ended in time by QĐ 766"),
            Wording(
                "Hồ sơ giải quyết xong, rút hoặc dừng trong kỳ, đúng hạn theo quy tắc của QĐ 766",
                "Finished, withdrawn or stopped in the period, in time by the rules of QĐ 766",
            ),
            "QĐ 766/QĐ-TTg chỉ số 2.1; domain c.1",
        ),
        Count.OPEN_IN_TIME_766: Meaning(
            Wording("Đang giải quyết trong hạn theo QĐ 766", "Open in time by QĐ 766"),
            Wording(
                "Hồ sơ chưa giải quyết xong vào cuối ngày chốt, trong hạn theo quy tắc của QĐ 766",
                "Open at the close of the last day, in time by the rules of QĐ 766",
            ),
            "QĐ 766/QĐ-TTg chỉ số 2.1; domain c.1",
        ),
        Count.RATED: Meaning(
            Wording("Được đánh giá", "Rated"),
            Wording(
                "Hồ sơ được người nộp chấm điểm; chấm nhiều lần thì lần cuối được tính, vào ngày chấm",
                "Dossiers that citizens rated; of several ratings of one, the last counts, on its day",
            ),
            "TT 01/2018/TT-VPCP; domain a.3",
        ),
        Count.SATISFIED: Meaning(
            Wording("Hài lòng", "Satisfied"),
            Wording(
                "Hồ sơ được chấm 4 hoặc 5 điểm trên 5",
                "Of the dossiers rated, those with a score of 4 or 5 of 5",
            ),
            "SIPAS; domain a.3",
        ),
    }
)
