"""Pictures that are made for a gate: what opens it, what shuts it, and what its channel sees."""
