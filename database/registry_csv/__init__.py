"""A registry as a directory of CSV files: read, checked line by line, and only then good to be loaded."""
