"""What counting errors stands on: statements of one report, differences of two, sentences that are turned."""
