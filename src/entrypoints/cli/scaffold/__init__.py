"""Files for new parts of Soty, from templates, and their places in the lists of the house."""
