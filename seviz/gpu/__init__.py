"""Everything that needs a GPU, by one command: tests, bench, training, measuring."""
