"""`import seviz` for scripts and notebooks: networks, the questions about them, and the results."""
