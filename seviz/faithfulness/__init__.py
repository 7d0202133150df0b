"""Measures how far explanations can be trusted, with controls to compare them with."""
