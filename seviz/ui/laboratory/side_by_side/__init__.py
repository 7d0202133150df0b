"""The view “Side by side”."""
