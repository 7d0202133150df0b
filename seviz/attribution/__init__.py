"""Explains answers by captum, in several arms at once: by maps of the image and by gates."""
