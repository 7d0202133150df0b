"""The tab “Two photographs”."""
