"""Measures a network's accuracy on labelled images, and its cost."""
