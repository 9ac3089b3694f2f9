"""Steps that several use cases share: they take the open Work and never commit."""
