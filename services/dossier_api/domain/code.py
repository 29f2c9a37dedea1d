"""The standard a dossier code (mã số hồ sơ) is held to: a flag where it is not met, never a refusal."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dossier_api.domain.flags import Flag


@dataclass(frozen=True)
class CodeStandard:
    """A pattern the whole code must match; its group `day`, if it has one, is the day of reception in `day_format`."""

    pattern: re.Pattern[str]
    day_format: str

    def flags_of(self, code: str, received_on: date | None) -> tuple[Flag, ...]:
        """Return what is odd about a code; its day is compared once the dossier is received."""
        found = self.pattern.fullmatch(code)
        if found is None:
            return (Flag.CODE_NOT_STANDARD,)
        day = found.groupdict().get("day")
        if received_on is None or day is None or day == _spelled(received_on, self.day_format):
            return ()
        return (Flag.CODE_DATE_DIFFERS,)


@lru_cache(maxsize=64)
def _spelled(day: date, day_format: str) -> str:
    """Return a day in a format; thousands of dossiers are received on the same."""
    return day.strftime(day_format)


# Rule: TT 01/2018/TT-VPCP Đ.19: V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX. A new national standard is due
# (NĐ 309/2026 Đ.12), so a province sets another by DOSSIER_CODE_PATTERN and DOSSIER_CODE_DAY_FORMAT.
TT_01_2018 = CodeStandard(
    re.compile(r"\d{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z]\d{2}-(?P<day>\d{6})-\d{4,}"), day_format="%y%m%d"
)
