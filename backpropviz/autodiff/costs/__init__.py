"""What values and derivatives cost, counted on the rules themselves."""
