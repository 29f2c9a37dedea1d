"""A zip of the same members as the same bytes, whenever and wherever it is made."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

# The earliest instant a zip can name.
FIXED = (1980, 1, 1, 0, 0, 0)


def repacked(archive: bytes) -> bytes:
    """Return an archive with its members' times taken out, stored as they are: zlib's versions pack differently."""
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(stream, "w", ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, FIXED), source.read(name))
    return stream.getvalue()
