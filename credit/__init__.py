"""How much may be owed, what is owed, and whether goods may leave: pure rules over facts.

It may build on the contracts' rules; it reads no clock, no file and no database.
"""
