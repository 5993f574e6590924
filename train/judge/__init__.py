"""Candidate against live version: figures, intervals, and the gate's decision."""
