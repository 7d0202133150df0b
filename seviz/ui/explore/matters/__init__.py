"""The tab “What matters”."""
