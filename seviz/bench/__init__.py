"""Measurement of the time that seviz adds to bare forward passes, and of other libraries' time."""
