"""First tables: people, studies and readings, training, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_event_previous_hash")),
    )
    op.create_index(op.f("ix_audit_event_actor"), "audit_event", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index(op.f("ix_audit_event_subject"), "audit_event", ["subject"], unique=False)

    audit_head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"role\" IN ('reader', 'lead', 'admin')", name=op.f("ck_reader_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sa.UniqueConstraint("name", name=op.f("uq_reader_name")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_key", sa.String(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("view", sa.String(), nullable=True),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("image_folder", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"origin\" IN ('phantom', 'upload')", name=op.f("ck_study_origin")),
        sa.CheckConstraint("\"split\" IN ('training', 'held_out')", name=op.f("ck_study_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_study_content_hash")),
    )
    op.create_index("ix_study_created_at_id", "study", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_study_patient_key"), "study", ["patient_key"], unique=False)
    op.create_index("ix_study_site_created_at_id", "study", ["site", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_study_split"), "study", ["split"], unique=False)
    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("snapshot_hash", sa.String(), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promoted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "\"status\" IN ('live', 'candidate', 'rejected', 'retired')", name=op.f("ck_model_version_status")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["model_version.id"], name=op.f("fk_model_version_parent_id_model_version")
        ),
        sa.ForeignKeyConstraint(
            ["promoted_by"], ["reader.id"], name=op.f("fk_model_version_promoted_by_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("number", name=op.f("uq_model_version_number")),
    )
    op.create_index(
        "uq_model_version_live",
        "model_version",
        ["status"],
        unique=True,
        sqlite_where=sa.text("status = 'live'"),
        postgresql_where=sa.text("status = 'live'"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_sign_in_session_reader_id_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_session_reader_id"), "sign_in_session", ["reader_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("model_version_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_version_id"], ["model_version.id"], name=op.f("fk_draft_model_version_id_model_version")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_draft_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_model_version_id"), "draft", ["model_version_id"], unique=False)
    op.create_index("ix_draft_study_id_id", "draft", ["study_id", "id"], unique=False)
    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rolled_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["reader.id"], name=op.f("fk_promotion_by_reader")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_promotion_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )
    op.create_table(
        "training_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "\"status\" IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_training_job_status"),
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["model_version.id"], name=op.f("fk_training_job_candidate_id_model_version")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["reader.id"], name=op.f("fk_training_job_requested_by_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_job")),
    )
    op.create_index("ix_training_job_status_id", "training_job", ["status", "id"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=True),
        sa.Column("set", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"decision\" IN ('promote', 'reject')", name=op.f("ck_evaluation_decision")),
        sa.CheckConstraint("\"set\" IN ('held_out', 'base')", name=op.f("ck_evaluation_set")),
        sa.ForeignKeyConstraint(
            ["against_id"], ["model_version.id"], name=op.f("fk_evaluation_against_id_model_version")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["training_job.id"], name=op.f("fk_evaluation_job_id_training_job")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_evaluation_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_job_id"), "evaluation", ["job_id"], unique=False)
    op.create_index(op.f("ix_evaluation_version_id"), "evaluation", ["version_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_seconds", sa.Double(), nullable=False),
        sa.CheckConstraint("\"status\" IN ('open', 'signed', 'amended')", name=op.f("ck_reading_status")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_reading_draft_id_draft")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_reading_reader_id_reader")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_reading_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("study_id", "reader_id", name=op.f("uq_reading_study_id_reader_id")),
    )
    op.create_index(op.f("ix_reading_reader_id"), "reading", ["reader_id"], unique=False)
    op.create_index("ix_reading_status_signed_at", "reading", ["status", "signed_at"], unique=False)
    op.create_index("ix_reading_study_id_status", "reading", ["study_id", "status"], unique=False)
    op.create_table(
        "training_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('stage', 'progress', 'log', 'sample', 'result')",
            name=op.f("ck_training_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["training_job.id"], name=op.f("fk_training_event_job_id_training_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_event")),
    )
    op.create_index("ix_training_event_job_id_id", "training_event", ["job_id", "id"], unique=False)
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("chosen_text", sa.String(), nullable=False),
        sa.Column("rejected_text", sa.String(), nullable=False),
        sa.Column("chosen_draft_id", sa.Integer(), nullable=True),
        sa.Column("rejected_draft_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"outcome\" IN ('left', 'right', 'tie', 'both_bad')", name=op.f("ck_preference_outcome")
        ),
        sa.CheckConstraint("\"source\" IN ('choice', 'edit')", name=op.f("ck_preference_source")),
        sa.ForeignKeyConstraint(
            ["chosen_draft_id"], ["draft.id"], name=op.f("fk_preference_chosen_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_preference_reader_id_reader")),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_preference_reading_id_reading")
        ),
        sa.ForeignKeyConstraint(
            ["rejected_draft_id"], ["draft.id"], name=op.f("fk_preference_rejected_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_preference_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_preference_reading_id")),
    )
    op.create_index(op.f("ix_preference_reader_id"), "preference", ["reader_id"], unique=False)
    op.create_index(op.f("ix_preference_study_id"), "preference", ["study_id"], unique=False)
    op.create_table(
        "reading_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"kind\" IN ('save', 'sign', 'amend')", name=op.f("ck_reading_revision_kind")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reading_revision_reader_id_reader")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_reading_revision_reading_id_reading")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_revision")),
        sa.UniqueConstraint("reading_id", "revision", name=op.f("uq_reading_revision_reading_id_revision")),
    )
    op.create_table(
        "region_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("box", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"action\" IN ('drawn', 'moved', 'removed')", name=op.f("ck_region_feedback_action")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_region_feedback_reading_id_reading")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_feedback")),
        sa.UniqueConstraint("reading_id", "region", name=op.f("uq_region_feedback_reading_id_region")),
    )
    op.create_table(
        "sentence_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("sentence_index", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("error_category", sa.String(), nullable=True),
        sa.Column("significant", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"verdict\" IN ('accepted', 'edited', 'deleted', 'inserted')",
            name=op.f("ck_sentence_feedback_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_sentence_feedback_reading_id_reading")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence_feedback")),
    )
    op.create_index(
        "ix_sentence_feedback_reading_id_sentence_index",
        "sentence_feedback",
        ["reading_id", "sentence_index"],
        unique=False,
    )

    # The head of an empty audit chain.
    op.execute(sa.insert(audit_head).values(id=1, hash="0" * 64, length=0))


def downgrade() -> None:
    op.drop_table("sentence_feedback")
    op.drop_table("region_feedback")
    op.drop_table("reading_revision")
    op.drop_table("preference")
    op.drop_table("training_event")
    op.drop_table("reading")
    op.drop_table("evaluation")
    op.drop_table("training_job")
    op.drop_table("promotion")
    op.drop_table("draft")
    op.drop_table("sign_in_session")
    op.drop_table("model_version")
    op.drop_table("study")
    op.drop_table("reader")
    op.drop_table("one_time_link")
    op.drop_table("audit_head")
    op.drop_table("audit_event")
