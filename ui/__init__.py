"""What people see: sign-in, the pages and the routes behind them. Knows nothing about training code or tables."""
