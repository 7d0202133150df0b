"""The inspector: the selected gate, in sight beside every tab."""
