"""What people see: sign-in, the pages and the routes behind them. Knows no training code and no table by name."""
