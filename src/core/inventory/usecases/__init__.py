"""What can be done with inventory, one verb a class."""
