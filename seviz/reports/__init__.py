"""Reports: all that is known of one photograph's answer, as files that travel."""
