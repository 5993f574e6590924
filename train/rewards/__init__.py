"""The rewards that reinforcement can draw on, one per file, and how a phase of training picks them by name.

A reward is called by TRL with lists of equal length and answers one number per text, larger is better, or None
where it does not apply. The columns that reach it: ``completions`` (chat messages or plain texts), ``reference``
(the signed report, or None where nobody has signed) and ``study`` (its key).
"""
