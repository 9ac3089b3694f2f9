"""Frozen statements → PDF bytes; the only room that knows WeasyPrint.

Primitives come in, bytes go out: no database object, no clock and no network is ever near.
"""
