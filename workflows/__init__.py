"""What happens, in order. Deterministic: no I/O, no calendar, no library data."""
