"""Who works here: accounts, sign-in, macros, and the record of who did what."""
