"""What people did: studies, drafts, readings, preferences, training jobs, model versions, and the audit.

    settings.py      database URL, data folder, model, device; the installation's secret
    database.py      open, migrate, sessions
    engine.py        how each kind of database is connected to
    migration.py     the schema's way up and down; migrations/ holds its steps
    models/          the tables
    errors.py        one tree of errors, each fit to be shown on a page
    accounts.py      readers: passwords, roles, sites, the lock after failures
    sessions.py      sign-in sessions, one-time links
    macros.py        a reader's own shorthand
    studies.py       intake, the held-out split
    priors.py        the patient's earlier study
    worklist.py      the list: pages, filters, search, orders, the next study
    worklist_entries.py  keeps the list's lines in step with what they are derived from
    claims.py        who takes a study, who has it open
    drafts.py        what models wrote
    doubt.py         how much a draft needs a human eye
    readings.py      what readers made of it: open, save, begin anew
    revisions.py     how each step of a reading is written
    signing.py       sign, amend
    signed.py        the signed reports, for training and evaluation
    marks.py         what was right or wrong in a sentence or a region
    preferences.py   which of two texts was better
    jobs.py          training jobs and their events
    versions.py      which model is live, which were before
    evaluations.py   how a version did
    audit.py         the hash-chained record of who did what
    backup.py        the whole installation as one file, and back; database_copies.py the database's part
    export.py        what people did, as files without identifiers

Every function takes the session first and everything else by keyword. Rows stay readable after their session
closes. Knows no torch, no web page, no image.
"""
