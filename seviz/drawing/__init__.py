"""Drawings in SVG, made from records: pure, and in the page's own colours."""
