"""The view “Your photographs”."""
