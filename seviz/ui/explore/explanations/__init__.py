"""The tab “Explanations”."""
