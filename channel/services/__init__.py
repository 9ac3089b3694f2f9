"""Use cases: one function, one transaction. Shared steps live in `steps` and never commit."""
