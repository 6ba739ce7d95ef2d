"""The rules of letters: what can go wrong with one."""
