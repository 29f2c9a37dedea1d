"""Reads uploaded workbooks: values only, never a formula or a link."""

import zipfile
from io import BytesIO

from report_worker.domain.typed_sheets import Cell, TypedSheet, UnreadableWorkbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A form of a province has some hundreds of lines; a packed sheet of millions would fill the memory.
MOST_BYTES, MOST_UNPACKED_BYTES = 10 * 2**20, 100 * 2**20
MOST_ROWS, MOST_COLUMNS = 20_000, 60


def read_sheets(content: bytes) -> list[TypedSheet]:
    """Return the sheets of an XLSX file with the values that were last computed.  Raises UnreadableWorkbook."""
    # Only who uploads needs it: at the start it would take a quarter of a second and 20 MB of every worker.
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    _require_sane(content)
    try:
        workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return [
            TypedSheet(
                sheet.title,
                tuple(
                    tuple(_plain(cell) for cell in row)
                    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                ),
            )
            for sheet in workbook.worksheets
        ]
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise UnreadableWorkbook("not an XLSX workbook") from error


def _require_sane(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise UnreadableWorkbook(f"larger than {MOST_BYTES} bytes")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableWorkbook("not an XLSX workbook") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableWorkbook(f"unpacks to more than {MOST_UNPACKED_BYTES} bytes")


def _plain(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
