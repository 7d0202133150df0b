"""The gate over many images."""
