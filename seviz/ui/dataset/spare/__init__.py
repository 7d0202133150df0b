"""The view “Can it go?”."""
