"""Figures to bytes, purely."""
