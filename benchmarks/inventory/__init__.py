"""Inventory beside its peers: the consumer, its growth, and the read of a movement."""
