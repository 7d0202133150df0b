"""The study: every variant trained from every seed, compared with the article's figures."""
