"""How an installation is configured: settings, telemetry, and the one place that builds Temporal clients."""
