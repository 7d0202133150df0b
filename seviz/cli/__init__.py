"""The command line: one module for each command, its shared options, and how answers are printed.

No module imports torch or Gradio at its top: `--help` and bad options are answered at once.
"""
