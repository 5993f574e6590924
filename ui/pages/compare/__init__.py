"""Compare: two drafts side by side."""
