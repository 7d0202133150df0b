"""What follows from the embedded pair's weights, remade when they change."""
