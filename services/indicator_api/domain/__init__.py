"""Figures as pure arithmetic."""
