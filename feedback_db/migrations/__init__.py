"""The schema's revisions, and the moving of rows that is too long to stand in one of them."""
