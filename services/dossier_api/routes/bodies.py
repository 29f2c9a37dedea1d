"""Values of request bodies, read strictly: text as one line, days and instants as written, hours to the minute."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

# Control characters mean nothing in a name, and PostgreSQL stores no null character.
NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def _written(value: Any) -> Any:
    """Refuse a number where a day or an hour is meant: 0 is not the first of January 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and not any(mark in value for mark in "-:")):
        raise ValueError("write it as ISO 8601 has it, not as a number")
    return value


def _to_the_minute(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise ValueError("an hour of the day has minutes, no seconds and no offset")
    return value


Line = Annotated[str, StringConstraints(min_length=1, pattern=NO_CONTROLS)]
Day = Annotated[date, BeforeValidator(_written)]
Hour = Annotated[time, BeforeValidator(_written), AfterValidator(_to_the_minute)]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), Field(lt=END_OF_TIME)]
