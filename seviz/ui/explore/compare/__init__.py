"""The tab “Compare”: another photograph, or this one changed."""
