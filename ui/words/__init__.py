"""What the program itself writes for a reader."""
