"""The pieces of the page that several tabs and views share."""
