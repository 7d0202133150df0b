"""Finds the SE blocks of a network; reads and edits their gates."""
