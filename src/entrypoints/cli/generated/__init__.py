"""Files that are written from the code: which they are, what makes each, and which differ."""
