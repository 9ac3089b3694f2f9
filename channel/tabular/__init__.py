"""Spreadsheets and delimited text ↔ typed rows and findings; the only room that knows pandas.

Nothing here touches a database or a clock: bytes come in, values and findings go out.
"""
