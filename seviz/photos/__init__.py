"""Untrusted bytes to RGB, and data sets of labelled photographs."""
