"""The law as values: events, the fold, deadlines, lives. Pure."""
