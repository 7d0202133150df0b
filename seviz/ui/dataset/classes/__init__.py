"""The view “Class curves”."""
