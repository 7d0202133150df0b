"""The laboratory: networks made here, and how they are trained and measured."""
