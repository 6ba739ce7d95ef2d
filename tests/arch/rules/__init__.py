"""Rules of the house as small functions: each takes the root of a tree and names every place that breaks it."""
