"""Tiered rebates: the terms as data, the exact amount with its derivation, and their checks."""
