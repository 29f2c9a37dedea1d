"""The shape of a dossier code (mã số hồ sơ): a flag where it is not met, never a refusal.

Rule: TT 01/2018/TT-VPCP Đ.19: V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX, with the day of reception inside.
A new national standard is due (NĐ 309/2026 Đ.12), which is why nothing but this file knows it.
"""

import re
from datetime import date

from dossier_api.domain.dossier import Flag

_STANDARD = re.compile(r"\d{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z]\d{2}-(\d{6})-\d{4,}")


def flags_of_code(code: str, received_on: date) -> tuple[Flag, ...]:
    """Return what is odd about a code that was given on `received_on`."""
    standard = _STANDARD.fullmatch(code)
    if standard is None:
        return (Flag.CODE_NOT_STANDARD,)
    return () if standard[1] == received_on.strftime("%y%m%d") else (Flag.CODE_DATE_DIFFERS,)
