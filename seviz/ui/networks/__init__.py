"""The page “Networks”: any two networks on one photograph."""
