"""The command line: one module for each command, its shared options, and how answers are printed.

No module imports torch or Gradio at its top, so `--help` and errors in options appear at once.
"""
