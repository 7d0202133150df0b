"""Where the SE blocks of a network are, how their gates are read and edited, and what edits are."""
