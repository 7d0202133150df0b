"""The tab “Live”."""
