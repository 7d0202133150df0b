"""A typed report for each question, shared by the page, the API, the command line and files."""
