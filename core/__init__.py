"""The product's decisions: no I/O, no clock, no randomness, no threads, and no human language."""
