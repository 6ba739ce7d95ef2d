"""The rules of identity, which need nothing from outside."""
