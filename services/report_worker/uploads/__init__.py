"""Bytes that somebody uploads, to plain cells."""
