"""How far an explanation can be trusted: known measures, and controls to hold them against."""
