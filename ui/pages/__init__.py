"""The pages, a folder each, and the JSON routes behind them. Every route lies behind ``ui.access.entrance``.

Requests that change something carry ``X-LMRRG-Page: 1`` and come from our own origin. What a page asks by its clock
while nobody touches it carries ``X-Background: 1`` and does not count as use of the session. Errors are
``{"error": sentence}``: 401 not signed in, 403 not allowed, 404 not there (or of a site that is not yours),
409 somebody was faster, 413 longer than the route takes, 422 refused in words. A stale revision answers 409 with
``{"error", "newer": {"revision", "text", "sentences", "saved_at"}}``, whichever route it was.
``who`` is ``{"id", "name"}``, ``notice`` ``{"code", "values", "severity": info|caution|stop, "sentence"}`` of
``lmrrg.notices``. Times are ISO 8601 in UTC.

``docs/routes.md`` lists them; each page's ``answers.py`` says what they answer.
"""
