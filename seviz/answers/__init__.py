"""One typed answer per question, for the page, the API, the command line and files alike."""
