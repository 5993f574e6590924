"""What people did: studies, drafts, readings, preferences, training jobs, model versions, and the audit.

    settings.py      database URL, data folder, model, device; the installation's secret
    database.py      open, migrate, sessions
    engine.py        how each kind of database is connected to
    migration.py     the schema's way up and down; migrations/ holds its steps
    models/          the tables
    errors.py        one tree of errors, each fit to be shown on a page
    accounts.py      readers, passwords, sign-in sessions, one-time links
    studies.py       intake, the held-out split, the worklist
    drafts.py        what models wrote
    readings.py      what readers made of it: open, save, sign, amend
    signed.py        the signed reports, for training and evaluation
    marks.py         what was right or wrong in a sentence or a region
    preferences.py   which of two texts was better
    jobs.py          training jobs and their events
    versions.py      which model is live, which were before
    evaluations.py   how a version did
    audit.py         the hash-chained record of who did what

Every function takes the session first and everything else by keyword. Rows stay readable after their session
closes. Knows no torch, no web page, no image.
"""
