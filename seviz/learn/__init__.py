"""The numbers of the article's story, told step by step on one photograph."""
