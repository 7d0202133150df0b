"""Analyses of gates: which of them matter for an answer, and what editing them changes."""
