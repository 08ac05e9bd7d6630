"""The parts of a software request: each step of the procedure, and what runs beside it (R11 to R13)."""
