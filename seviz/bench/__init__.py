"""The time that seviz adds to bare forward passes, and how it compares with other libraries."""
