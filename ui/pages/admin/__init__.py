"""Admin: accounts, and what the live model is."""
