"""The view “The tables”."""
