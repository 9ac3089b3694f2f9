"""Imports of what exists: each family plans what a file would change, and writes it in bulk.

A plan reads in a handful of statements whatever the number of rows; writing takes the open work
and saves all or nothing. Planning may happen outside any transaction, for the preview.
"""
