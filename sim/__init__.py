"""Simulation: SimPy and NumPy drive the core to choose the escalation delay."""
