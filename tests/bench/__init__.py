"""Benchmarks: the work that matters beside the bare engine, in the same run.

`bin/bench` prints one table; docs/speed.md keeps a measured one. Nothing here is a test.
"""
