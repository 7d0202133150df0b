"""A photograph through a network, on whatever device there is."""
