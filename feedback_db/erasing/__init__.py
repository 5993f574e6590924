"""Erasing a patient: their rows, pixels, saved texts and what training kept of them."""
