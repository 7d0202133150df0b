"""Training of the embedded pair: images, recipe, steps, and the start and end of a run."""
