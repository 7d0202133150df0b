"""The view “One gate” of the page “Data set”: the gate's own page."""
