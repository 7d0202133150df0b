"""Reading of untrusted image files as RGB, and data sets of labelled photographs."""
