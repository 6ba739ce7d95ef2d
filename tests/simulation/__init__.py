"""Deterministic simulation: the core over memory adapters in virtual time, with faults drawn from a seed."""
