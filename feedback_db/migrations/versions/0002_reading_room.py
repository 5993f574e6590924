"""The reading room: worklist lines, presence, claims, macros, amendments that are kept, sites, idle sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KINDS = ("save", "sign", "amend")
_NEW_KINDS = ("save", "sign", "amending", "discard", "amend")


def upgrade() -> None:
    op.create_table(
        "macro",
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_macro_reader_id_reader")),
        sa.PrimaryKeyConstraint("reader_id", "name", name=op.f("pk_macro")),
    )
    op.create_table(
        "presence",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_presence_reader_id_reader")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_presence_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", "reader_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "worklist_entry",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("needs_eye", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("disagrees", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("model_version_id", sa.Integer(), nullable=True),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(
            "\"status\" IN ('new', 'drafted', 'in reading', 'signed', 'amended')",
            name=op.f("ck_worklist_entry_status"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["reader.id"], name=op.f("fk_worklist_entry_claimed_by_reader")
        ),
        sa.ForeignKeyConstraint(
            ["model_version_id"],
            ["model_version.id"],
            name=op.f("fk_worklist_entry_model_version_id_model_version"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_worklist_entry_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_worklist_entry")),
    )
    op.create_index(
        "ix_worklist_entry_needs_eye",
        "worklist_entry",
        [
            "needs_eye",
            "study_id",
            "status",
            "site",
            "confidence",
            "disagrees",
            "claimed_by",
            "claimed_at",
            "findings",
            "words",
        ],
    )
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("sampled", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("needs_eye", sa.Double(), nullable=False, server_default="0"))
    with op.batch_alter_table("reader") as table:
        table.add_column(sa.Column("sites", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("name_key", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("sign_in_session") as table:
        long_ago = sa.text("'2000-01-01 00:00:00.000000'")
        table.add_column(
            sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, server_default=long_ago)
        )
    with op.batch_alter_table("preference") as table:
        table.add_column(sa.Column("pair", sa.String(), nullable=True))
        table.add_column(sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("reading") as table:
        table.add_column(sa.Column("pending_text", sa.String(), nullable=True))
        table.add_column(sa.Column("pending_sentences", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("signed_revision", sa.Integer(), nullable=True))
        table.add_column(sa.Column("agreement", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_reading_agreement"), "agreement BETWEEN 1 AND 5")
        table.drop_index(op.f("ix_reading_reader_id"))
        table.create_index("ix_reading_reader_id_study_id", ["reader_id", "study_id"])
    _allow_kinds(_NEW_KINDS)
    _fill()
    _drop_defaults()


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("reading_revision") as table:
        table.drop_constraint(op.f("ck_reading_revision_kind"), type_="check")
        table.create_check_constraint(op.f("ck_reading_revision_kind"), f'"kind" IN ({listed})')


def _drop_defaults() -> None:
    """The defaults were for the rows that were there before."""
    for name, columns in (
        ("draft", ("sampled", "needs_eye")),
        ("reader", ("name_key",)),
        ("sign_in_session", ("last_seen_at",)),
        ("preference", ("reasons",)),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)
            if name == "reader":
                table.drop_constraint(op.f("uq_reader_name"), type_="unique")
                table.create_unique_constraint(op.f("uq_reader_name_key"), ["name_key"])
            if name == "preference":
                table.create_unique_constraint(op.f("uq_preference_reader_id_pair"), ["reader_id", "pair"])


def _fill() -> None:
    """Work out for the rows that are there what new rows get when they are written."""
    bind = op.get_bind()
    meta = sa.MetaData()
    names = ("reader", "reading", "reading_revision", "preference", "draft", "study", "worklist_entry")
    reader, reading, step, preference, draft, study, entry = (
        sa.Table(name, meta, autoload_with=bind) for name in names
    )
    for number, name in bind.execute(sa.select(reader.c.id, reader.c.name)).all():
        bind.execute(sa.update(reader).where(reader.c.id == number).values(name_key=name.casefold()))
    last = sa.select(sa.func.max(step.c.saved_at)).where(step.c.reading_id == reading.c.id).scalar_subquery()
    bind.execute(sa.update(reading).values(saved_at=last))
    bind.execute(
        sa.update(reading)
        .where(reading.c.status.in_(("signed", "amended")))
        .values(signed_revision=reading.c.revision)
    )
    # Of several choices on one pair the first stays the choice; the others keep their row and lose the pair.
    judged: set[tuple[int, str]] = set()
    choices = sa.select(
        preference.c.id,
        preference.c.reader_id,
        preference.c.chosen_draft_id,
        preference.c.rejected_draft_id,
    ).where(preference.c.source == "choice")
    for row in bind.execute(choices.order_by(preference.c.id)).all():
        pair = "-".join(map(str, sorted((row.chosen_draft_id, row.rejected_draft_id))))
        if (row.reader_id, pair) not in judged:
            judged.add((row.reader_id, pair))
            bind.execute(sa.update(preference).where(preference.c.id == row.id).values(pair=pair))
    _fill_worklist(bind, reading, draft, study, entry)


def _fill_worklist(
    bind: sa.Connection, reading: sa.Table, draft: sa.Table, study: sa.Table, entry: sa.Table
) -> None:
    """The lines as of this revision. ``draft.report`` and ``draft.request`` are JSON."""
    furthest: dict[int, str] = {}
    ranks = {"open": (1, "in reading"), "signed": (2, "signed"), "amended": (3, "amended")}
    states = sa.select(reading.c.study_id, reading.c.status)
    best: dict[int, tuple[int, str]] = {}
    for number, status in bind.execute(states).all():
        best[number] = max(best.get(number, (0, "")), ranks[status])
    furthest.update({number: rank[1] for number, rank in best.items()})
    fields = (
        study.c.id,
        study.c.site,
        study.c.view,
        study.c.origin,
        study.c.indication,
    )
    for row in bind.execute(sa.select(*fields).order_by(study.c.id)).all():
        drafts = bind.execute(
            sa.select(draft.c.id, draft.c.model_version_id, draft.c.report, draft.c.request)
            .where(draft.c.study_id == row.id)
            .order_by(draft.c.id)
        ).all()
        words = (str(row.id), row.site, row.view or "", row.origin, row.indication)
        line = {
            "study_id": row.id,
            "site": row.site,
            "status": furthest.get(row.id, "drafted" if drafts else "new"),
            "needs_eye": 0.0,
            "confidence": None,
            "disagrees": False,
            "findings": "|",
            "words": " ".join(word for word in words if word).lower()[:500],
            "model_version_id": None,
        }
        for one in drafts:
            sampled = bool(one.request.get("temperature"))
            needs_eye, shown = _doubt(one.report)
            bind.execute(
                sa.update(draft).where(draft.c.id == one.id).values(sampled=sampled, needs_eye=needs_eye)
            )
            if not sampled:
                line |= shown | {"needs_eye": needs_eye, "model_version_id": one.model_version_id}
        bind.execute(sa.insert(entry).values(line))


def _doubt(report: dict) -> tuple[float, dict[str, object]]:  # type: ignore[type-arg]
    sentences = report.get("sentences") or []
    told = [s["confidence"] for s in sentences if isinstance(s.get("confidence"), int | float)]
    flagged = sum(bool(s.get("flag")) for s in sentences)
    confidence = sum(told) / len(told) if told else None
    sure = 0.5 if confidence is None else confidence
    needs_eye = 1 - sure * (1 - flagged / len(sentences)) if sentences else 1.0
    seen = [name for name, probability in (report.get("findings") or {}).items() if probability >= 0.5]
    findings = "|" + "".join(f"{name}|" for name in seen)
    return needs_eye, {"confidence": confidence, "disagrees": flagged > 0, "findings": findings}


def downgrade() -> None:
    bind = op.get_bind()
    # An amendment that was being written stays in the record as a save; nothing that was typed is dropped.
    bind.execute(sa.text("UPDATE reading_revision SET kind = 'save' WHERE kind IN ('amending', 'discard')"))
    _allow_kinds(_KINDS)
    with op.batch_alter_table("reading") as table:
        table.drop_index("ix_reading_reader_id_study_id")
        table.create_index(op.f("ix_reading_reader_id"), ["reader_id"])
        table.drop_constraint(op.f("ck_reading_agreement"), type_="check")
        for column in ("agreement", "signed_revision", "saved_at", "pending_sentences", "pending_text"):
            table.drop_column(column)
    with op.batch_alter_table("preference") as table:
        table.drop_constraint(op.f("uq_preference_reader_id_pair"), type_="unique")
        table.drop_column("reasons")
        table.drop_column("pair")
    with op.batch_alter_table("sign_in_session") as table:
        table.drop_column("last_seen_at")
    with op.batch_alter_table("reader") as table:
        table.drop_constraint(op.f("uq_reader_name_key"), type_="unique")
        table.create_unique_constraint(op.f("uq_reader_name"), ["name"])
        table.drop_column("name_key")
        table.drop_column("sites")
    with op.batch_alter_table("draft") as table:
        table.drop_column("needs_eye")
        table.drop_column("sampled")
    op.drop_table("worklist_entry")
    op.drop_table("presence")
    op.drop_table("macro")
