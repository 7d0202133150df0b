"""The app's questions for scripts: typed JSON in and out."""
