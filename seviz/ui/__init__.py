"""The page: Gradio lives on this floor only; its handlers are plain functions."""
