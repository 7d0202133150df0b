"""The article's block, its hosts and variants as torch modules, and the embedded pair."""
