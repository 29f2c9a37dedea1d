"""What the neighbours answer, in this service's words."""
