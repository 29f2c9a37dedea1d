"""Owner of the figures: turns the feed of dossiers into counts and indicators."""
