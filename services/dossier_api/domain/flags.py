"""What about a dossier a legal officer should look at."""

from enum import StrEnum


class Flag(StrEnum):
    """Something a legal officer should look at; it changes no date."""

    SECOND_SUPPLEMENT_REQUEST = "second_supplement_request"
    LATE_SUPPLEMENT_REQUEST = "late_supplement_request"
    LATE_APOLOGY = "late_apology"
    PRINTED_DUE_LATER = "printed_due_later"
    CODE_NOT_STANDARD = "code_not_standard"
    CODE_DATE_DIFFERS = "code_date_differs"
    DUE_ON_ESTIMATE = "due_on_estimate"
