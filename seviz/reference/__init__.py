"""Gate statistics over a data set: what single photographs are held against."""
