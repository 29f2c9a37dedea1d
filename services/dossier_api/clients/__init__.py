"""The neighbours dossier_api asks."""
