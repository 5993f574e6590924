"""The database itself: connections, schema, backup."""
