"""Gate statistics over a data set, with which the gates of single photographs are compared."""
