"""The project's own library: knows no service, and every service stands on it."""
