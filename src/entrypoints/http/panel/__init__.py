"""Pages for people: the shell around them, forms, and what serves them."""
