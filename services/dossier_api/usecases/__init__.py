"""One verb per file; the transaction boundary."""
