"""Records in, Plotly figures out; nothing here computes with networks or talks to a browser."""
