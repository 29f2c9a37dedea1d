"""Owner of dossiers, their clocks and the catalogue."""
