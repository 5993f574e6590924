"""How good a report is: words, labels, graphs, composites, error counts. Knows texts only: no image, no model.

A *reference* metric follows its published definition and may need weights; an *embedded* metric is
rule-based, needs nothing, and never bears the reference's name.
"""
