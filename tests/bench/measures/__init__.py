"""One module per work that is measured; each gives rows of the table."""
