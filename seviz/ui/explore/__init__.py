"""The page “Explore”: one photograph in one network, and a tab for each question."""
