"""Letters: what modules want people to be told is written, in their language, and sent.

Owns the way of a letter and nothing of what it says: its templates live with the module that wants it. Refuses to keep
what is secret in a letter anywhere but sealed.
"""
