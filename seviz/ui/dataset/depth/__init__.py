"""The view “Selectivity by depth”."""
