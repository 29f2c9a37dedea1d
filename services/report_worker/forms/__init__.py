"""The forms, one JSON file a version, and their reading."""
