"""All SQL of the dossier schema."""
