"""Memory of a process that runs for months."""

import gc

# Objects made before the collector looks for cycles. A batch of events makes tens of thousands and leaves no cycle.
MADE_BETWEEN_ROUNDS = 50_000


def keep_loaded() -> None:
    """Take what start-up has loaded out of the collector's rounds, since it stays for good, and let rounds be rare.

    Otherwise the collector looks at all of it again every few batches: a quarter of the CPU time of an ingest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_ROUNDS)
