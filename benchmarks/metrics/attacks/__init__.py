"""Texts made to deceive the metrics: turned sentences, joins of clauses, doctored reports."""
