"""What units may report, as data."""
