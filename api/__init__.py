"""HTTP: what a browser or another system asks of Curative."""
