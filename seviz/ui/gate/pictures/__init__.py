"""The section “Pictures made for this gate”."""
