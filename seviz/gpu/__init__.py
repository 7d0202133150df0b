"""One command for all that needs a GPU: tests, bench, training and measuring."""
