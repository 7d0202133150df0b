"""Explanations by captum, for several arms at once, and in terms of the gates themselves."""
