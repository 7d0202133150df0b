"""How the embedded pair is trained: images, recipe, steps, and how a run begins and ends."""
