"""What a network is worth on labelled images, and what it costs."""
