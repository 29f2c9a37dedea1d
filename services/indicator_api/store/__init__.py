"""All SQL of indicator_api."""
