"""The view “Learn”."""
