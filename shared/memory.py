"""Memory of a process that runs for months."""

import ctypes
import gc
from contextlib import suppress

# Objects made before the collector looks for cycles. A batch of events makes tens of thousands and leaves no cycle.
MADE_BETWEEN_ROUNDS = 50_000


def keep_loaded() -> None:
    """Take what start-up has loaded out of the collector's rounds, since it stays for good, and let rounds be rare.

    Otherwise the collector looks at all of it again every few batches: a quarter of the CPU time of an ingest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_ROUNDS)


def give_back() -> None:
    """Return to the system what much work took and nothing holds any more; the C library keeps it unless it is asked.

    After a catching-up with a hundred thousand events that is 13 to 17 MB.
    """
    with suppress(AttributeError, OSError):  # only glibc can be asked
        ctypes.CDLL(None).malloc_trim(0)
