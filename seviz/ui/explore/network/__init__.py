"""The field for a network of one's own, on a private instance."""
