"""Frozen wire models between the services."""
