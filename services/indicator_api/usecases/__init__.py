"""What indicator_api does, one verb a file."""
