"""Speed beside peers: every goal is a ratio of runs that were interleaved on one machine."""
