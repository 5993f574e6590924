"""The pages, a folder each, and the JSON routes behind them. Every route lies behind ``ui.door.entrance``.

Requests that change something carry ``X-LMRRG-Page: 1`` and come from our own origin. What a page asks by its clock
while nobody touches it carries ``X-Background: 1`` and does not count as use of the session. Errors are
``{"error": sentence}``: 401 not signed in, 403 not allowed, 404 not there (or of a site that is not yours),
409 somebody was faster, 413 longer than the route takes, 422 refused in words. A stale revision answers 409 with
``{"error", "newer": {"revision", "text", "sentences", "saved_at"}}``, whichever route it was.
``who`` is ``{"id", "name"}``, ``notice`` ``{"code", "values", "severity": info|caution|stop, "sentence"}`` of
``lmrrg.notices``. Times are ISO 8601 in UTC.

    worklist/routes.py
      GET    /api/me                                → {reader: {id, name, role, sites}, model,
                                                       profile: {name, title, regions, findings, views}}
      GET    /api/studies ?offset ?limit ?order=newest|needs_eye ?status ?waiting=1 ?site ?reader=ID ?finding
                          ?confidence_below ?disagreement=1 ?claimed=me|nobody|free ?search
                                                    → {rows: [{id, site, origin, view, indication, status, readers,
                                                       drafted_by, created_at, needs_eye, confidence, disagrees,
                                                       findings, claimed_by: who | null}], total, more}
                                                      ``more``: the list is longer than ``total`` says
      GET    /api/studies/choices                   → {sites, readers: [who], findings, statuses}: for the filters
      GET    /api/studies/next ?after=ID + filters  → {id: number | null}: what comes after it in that list
      POST   /api/studies (form: file, …)           → {id}; 409 {error, study_id} if this image is here already
                                                      site: one of the reader's; blank: theirs, if they have one
      GET    /api/studies/{id}                      → the study, its place, claimed_by, images: [image], prior:
                                                      {id, origin, days_before, order_known, images} | null
               image: {id, view, side, rows, columns, bits, windows, notices: [notice], …}, in the order they are hung
      POST   /api/studies/{id}/claim                → {claimed_by: who}; 409 {error, claimed_by} if another has it
      POST   /api/studies/{id}/release              → {claimed_by: null}; its holder's, a lead's or an admin's
      POST   /api/studies/{id}/presence             → {others: [{reader: who, seen_at}]}; send every 15 s while open
      DELETE /api/studies/{id}/presence             → {}; on leaving
    reading/routes/readings.py
      GET    /api/studies/{id}/reading              → {draft, newer_draft: {id, model} | null, reading | null,
                                                       others: [{reader, status, here}], claimed_by, live}
               draft: {id, model, model_version_id, report, created_at, prior_study: ID | null, images: [ID]}
                 images: those that the report's indices count
                 prior_study: whose signed report the model was given; report.notices: [notice]
               reading: {id, draft_id, status: open|signed, amended, revision, text, sentences, saved_at, signed_at,
                 active_seconds, agreement, amendment: {text, sentences} | null,
                 sentence_marks: [{index, text, verdict, errors: [{category, significant}]}],
                 region_marks: [{region, image_id, action, box_xywh}]}
               sentences: [{text, draft_index: number | null, state, regions?: [name]}]; regions of one's own sentence
      POST   /api/studies/{id}/draft {again}        → a stream: one JSON object a line, the last {kind: draft, draft}
               or {kind: error, message, possible?: false}: no draft, as no image is one that the model writes from
      POST   /api/studies/{id}/reading {draft_id}   → reading; null: from the newest draft, or from nothing
      PUT    /api/readings/{id} {revision, text, sentences, active_seconds?}           → {revision, saved_at}
      POST   /api/readings/{id}/adopt {revision, draft_id}                             → reading (from that draft)
      POST   /api/readings/{id}/sign {revision, agreement?: 1…5, active_seconds?}      → {revision, saved_at}
      PUT    /api/readings/{id}/amendment {revision, text, sentences, active_seconds?} → {revision, saved_at}
               keeps an amendment that is being written; the signed text stays in force
      POST   /api/readings/{id}/amendment/discard {revision}                           → {revision, saved_at}
      POST   /api/readings/{id}/amend {revision, text, sentences, agreement?, active_seconds?} → {revision, saved_at}
      GET    /api/readings/{id}/revisions           → [{revision, kind, saved_at, text}], the oldest first
    reading/routes/marks.py
      PUT    /api/readings/{id}/sentences/{index} {text, verdict, errors: [{category, significant}]} → {index}
               409 once signed, unless an amendment is kept; so for all four
               verdict accepted|edited|deleted: index of the draft's sentence; inserted: a number of the page's own
      DELETE /api/readings/{id}/sentences/{index} ?inserted=1                          → {}
      PUT    /api/readings/{id}/regions/{region} {image_id, action: drawn|moved|removed, box_xywh} → {region}
      DELETE /api/readings/{id}/regions/{region} ?image_id=ID                          → {}
    reading/routes/film.py
      GET    /api/studies/{id}/film                 → {windows: [{name, window}], spacing_plane,
                                                       prior: {id, days_before: number | null} | null}
      GET    /api/studies/{id}/drafts/{draft}/gradcam → {maps}: one for each sentence of the draft
      POST   /api/studies/{id}/sentence {region, said?} → {sentence: {text, confidence, regions, flag} | null}
    reading/routes/wording.py (keeps nothing)
      POST   /api/wording/errors {drafted, edited}  → {errors: [{category, significant}]}
      POST   /api/wording/impression {sentences}    → {sentences, not_read}
      POST   /api/wording/findings {sentences}      → {stated: {finding: label}}
      POST   /api/wording/finding {sentences, finding, present} → {sentences}
    reading/routes/macros.py
      GET    /api/macros                            → [{name, text}]: one's own
      PUT    /api/macros/{name} {text, replace?}    → {name, text}; 422 if it has another text, unless to replace it
      DELETE /api/macros/{name}                     → {}
    compare/routes.py
      POST   /api/studies/{id}/pair                 → a stream; the last line {kind: pair, pair: {id, left, right, same,
                                                       notices, outcome, strength, reasons, draft_id}}; notices:
                                                       [notice] of either draft; from outcome on, what
                                                       this reader chose earlier, or null
      POST   /api/studies/{id}/choice {pair, outcome: left|right|tie|both_bad, strength?: 1…3, reasons?: […]}
                                                    → {outcome, draft_id: the better one}; 409 {error, outcome}
               reasons: findings, location, severity, comparison, wording, length
    admin/routes.py
      POST   /api/me/password {old, new}            → {}; one's other sessions end
      GET    /api/accounts                          → [{id, name, role, sites, created_at, disabled, locked}]
      POST   /api/accounts {name, password, role, sites?}
      PUT    /api/accounts/{id} {role, sites}       sites: null = every site
      POST   /api/accounts/{id}/password {password} the account's sessions end
      POST   /api/accounts/{id}/disable | enable    enabling also unlocks
      GET    /api/model                             → {name, version, demonstration, state, message}; to leads and
                                                       administrators also {folder, device, config}
    reading/routes/pixels.py   GET /api/studies/{id}/pixels | thumbnail
    training/routes.py, training/decisions.py   see there
"""
