"""Forms, identities, figures: pure values."""
