"""What readers made of a study: saved, marked, preferred, signed."""
