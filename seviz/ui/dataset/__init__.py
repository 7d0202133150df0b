"""The page “Data set”."""
