"""Published metrics, computed by the weights that a user has."""
