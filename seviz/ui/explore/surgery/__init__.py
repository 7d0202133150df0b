"""The tab “Surgery”."""
