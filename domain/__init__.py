"""What the words mean: models and pure rules. No I/O, no Temporal."""
