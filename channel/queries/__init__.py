"""Reads: lists, boards and the frozen facts that the cores need; scoped by actor, set-based."""
