"""The product's decisions: pure functions of their arguments, time included.

No I/O, no clock, no randomness, no threads. `sim` and `service` drive the same code.
"""
