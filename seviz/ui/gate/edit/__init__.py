"""Edits of the gate, which are those of the tab “Surgery”."""
