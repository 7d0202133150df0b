"""The files that depend on the embedded pair's weights, remade when the weights change."""
