"""What every page is built from: nodes, dialogs, keys, requests, colours. Knows nothing about pages."""
