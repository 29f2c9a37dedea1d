"""How far the loading of the sample has come, kept in MOTCUA_HOME so that a restart goes on from there."""

from pathlib import Path

import msgspec

FILE = "sample.json"


class Progress(msgspec.Struct):
    """`stream` names the sample; `sent` counts the batches of each lane; `witness` is a dossier that was taken."""

    stream: str
    sent: list[int]
    position: int = 0
    witness: str | None = None
    is_complete: bool = False


def read_progress(home: Path, *, stream: str, lanes: int) -> Progress:
    """Return what was kept for this very sample, else a fresh start."""
    try:
        kept = msgspec.json.decode((home / FILE).read_bytes(), type=Progress)
    except (FileNotFoundError, msgspec.DecodeError):
        return fresh(stream, lanes=lanes)
    return kept if kept.stream == stream and len(kept.sent) == lanes else fresh(stream, lanes=lanes)


def fresh(stream: str, *, lanes: int) -> Progress:
    """Return the progress of a sample of which nothing is loaded."""
    return Progress(stream, [0] * lanes)


def keep(progress: Progress, home: Path) -> None:
    """Write the progress; a crash leaves the old file or the new one."""
    draft = home / f"{FILE}.draft"
    draft.write_bytes(msgspec.json.encode(progress))
    draft.replace(home / FILE)
