"""What a process no longer needs goes back to the system."""

import platform
from pathlib import Path

import pytest

from shared.memory import give_back

PIECES, PIECE_BYTES = 800, 100_000


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked; run on Debian or Fedora")
def test_what_was_let_go_between_things_that_stay_is_given_back() -> None:
    pieces = [bytes([1]) * PIECE_BYTES for _ in range(PIECES)]
    stay = pieces[::100]
    held = resident_bytes()

    del pieces
    give_back()

    assert held - resident_bytes() > PIECES * PIECE_BYTES * 0.8
    assert len(stay) == PIECES / 100
