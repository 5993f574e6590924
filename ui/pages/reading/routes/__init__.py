"""What the reading room asks of the server, one file for each thing."""
