"""The page: Gradio lives on this floor only; its handlers are plain functions."""

import os

# Set before any module here imports Gradio, which reads it: no request leaves the machine.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from seviz.ui.parts.own_folder import served_folder

served_folder()  # before anything imports Gradio
