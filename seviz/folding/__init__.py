"""Networks without some of their SE blocks: static gates multiplied into the weights."""
