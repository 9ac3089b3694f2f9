"""What was promised: the terms of distribution contracts as pure functions over frozen values.

Nothing here reads a clock, a file or a database; every rule is told the day it is asked about.
"""
