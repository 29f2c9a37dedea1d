"""Owner of reports: compiles them from figures, checks their sums, renders their files."""
