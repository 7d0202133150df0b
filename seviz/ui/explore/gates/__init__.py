"""The tab “Gates”: the atlas, the depth profile and single channels."""
