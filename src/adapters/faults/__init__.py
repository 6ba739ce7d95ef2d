"""Decorators that make any adapter fail where a plan says so; no process has them unless its settings name a fault."""
