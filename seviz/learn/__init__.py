"""The numbers of the guided path, step by step on one photograph."""
