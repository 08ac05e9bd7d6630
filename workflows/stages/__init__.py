"""The stages of a curative case, one module each, in the order of SPEC §3."""
