"""The networks that seviz can open, their weights, and how they are loaded."""
