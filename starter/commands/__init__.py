"""The subcommands of `curative`, one module each."""
