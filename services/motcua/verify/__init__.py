"""The figures held against a recount from the dossiers themselves."""
