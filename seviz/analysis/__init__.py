"""What one asks of gates: which ones matter, and what an edit of them changes."""
