"""Second derivatives."""
