"""The top of the page “Gate”: which gate it is about, and its headline."""
