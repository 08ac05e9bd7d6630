"""Mail in: software requests, replies and reports that arrive by mail (R12)."""
