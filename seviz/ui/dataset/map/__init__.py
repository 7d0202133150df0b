"""The view “Map” of the page “Data set”: its images as points."""
