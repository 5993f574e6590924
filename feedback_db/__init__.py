"""What people did: studies, drafts, readings, preferences, training jobs, model versions, and the audit.

    settings.py      database URL, data folder, model, device; the installation's secret
    errors.py        one tree of errors, each fit to be shown on a page
    export.py        what people did, as files without identifiers
    erasing/         a patient with all that is kept of them
    store/           connections, sessions, migration, backup, who else may read the data folder
    models/          the tables; migrations/ holds the steps between schemas
    people/          accounts, sign-in sessions, macros, the audit's hash chain
    studies/         intake and the held-out split, priors, drafts, the worklist and who has what open
    reading/         what readers made of a study: saved, marked, preferred, signed
    training/        jobs and their events, versions, evaluations

Every function takes the session first and everything else by keyword. Rows stay readable after their session
closes. Knows nothing about torch, web pages or images.
"""
