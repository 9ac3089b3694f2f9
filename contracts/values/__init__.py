"""The vocabulary that all cores share: money, rates, periods, days, findings, transitions.

The values are immutable, refuse floats and say in their names which unit they carry.
"""
