"""What a gate does on the photograph that was answered in “Explore”."""
