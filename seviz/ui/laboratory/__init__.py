"""The page “Laboratory”: the article's blocks, studies and story, to be tried out."""
