"""Results in sentences, by what they are about; every text people read about a result."""
