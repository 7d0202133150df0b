"""The page “Gate”: all that is known of one gate, in one place, at an address of its own."""
