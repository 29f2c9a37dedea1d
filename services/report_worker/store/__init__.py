"""All SQL of the schema report."""
