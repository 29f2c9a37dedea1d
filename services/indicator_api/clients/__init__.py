"""The neighbours indicator_api asks."""
