"""The study: each variant from each seed under one recipe, beside the article's figures."""
