"""The view “The block”."""
