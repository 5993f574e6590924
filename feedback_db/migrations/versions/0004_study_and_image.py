"""A study may have several images: each image has a row of its own, and boxes name their image.

Up, every study keeps its number and gets one image of the same number; then studies of one examination that nobody has
read are joined (``feedback_db.migrations.joining``). Down, each image is a study (``feedback_db.migrations.parting``).
Patients and their splits never move.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from feedback_db.migrations.joining import join_examinations, take_from_headers
from feedback_db.migrations.parting import part_images
from feedback_db.migrations.plain_sql import number_after, rows, run, tell

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What moves between the study and its image, under the same name.
_MOVED: dict[str, sa.types.TypeEngine[Any]] = {
    "image_folder": sa.String(),
    "rows": sa.Integer(),
    "columns": sa.Integer(),
    "bits": sa.Integer(),
    "view": sa.String(),
    "content_hash": sa.String(),
    "notices": sa.JSON(),
}
_NAMES = ", ".join(f'"{name}"' for name in _MOVED)
_ADDED: dict[str, sa.types.TypeEngine[Any]] = {
    "age": sa.Integer(),
    "sex": sa.String(),
    "study_key": sa.String(),
    "accession_key": sa.String(),
    "witness_key": sa.JSON(none_as_null=True),
    "day_rank": sa.Integer(),
}
_TEXTS = ("comparison", "technique")


def upgrade() -> None:
    op.create_table(
        "image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("image_folder", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("view", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"side\" IN ('L', 'R')", name=op.f("ck_image_side")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_image_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_image_content_hash")),
        sa.UniqueConstraint("study_id", "position", name=op.f("uq_image_study_id_position")),
    )
    run(
        f"INSERT INTO image (id, study_id, position, channels, created_at, {_NAMES}) "
        f"SELECT id, id, 0, 1, created_at, {_NAMES} FROM study"
    )
    number_after("image")
    _let_boxes_name_their_image()
    with op.batch_alter_table("study") as table:
        table.drop_constraint(op.f("uq_study_content_hash"), type_="unique")
        for name in _MOVED:
            table.drop_column(name)
        for name in _TEXTS:
            table.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name, type_ in _ADDED.items():
            table.add_column(sa.Column(name, type_, nullable=True))
        table.create_check_constraint(op.f("ck_study_sex"), "\"sex\" IN ('F', 'M', 'O')")
    with op.batch_alter_table("study") as table:
        for name in _TEXTS:
            table.alter_column(name, existing_type=sa.String(), server_default=None)
    count = rows("SELECT count(*) AS number FROM image")[0]["number"]
    if count:
        tell(
            f"Images that have a row of their own now, under the number of the study that they were: {count}."
        )
        take_from_headers(context.config.attributes["data_folder"])
        join_examinations()


def _let_boxes_name_their_image() -> None:
    with op.batch_alter_table("region_feedback") as table:
        table.add_column(sa.Column("image_id", sa.Integer(), nullable=True))
    # Images have the numbers of their studies here.
    run(
        "UPDATE region_feedback SET image_id = "
        "(SELECT study_id FROM reading WHERE reading.id = region_feedback.reading_id)"
    )
    with op.batch_alter_table("region_feedback") as table:
        table.alter_column("image_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_region_feedback_image_id_image"), "image", ["image_id"], ["id"])
        table.drop_constraint(op.f("uq_region_feedback_reading_id_region"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_region_feedback_reading_id_image_id_region"), ["reading_id", "image_id", "region"]
        )


def downgrade() -> None:
    part_images()
    with op.batch_alter_table("region_feedback") as table:
        table.drop_constraint(op.f("uq_region_feedback_reading_id_image_id_region"), type_="unique")
        table.drop_constraint(op.f("fk_region_feedback_image_id_image"), type_="foreignkey")
        table.drop_column("image_id")
        table.create_unique_constraint(op.f("uq_region_feedback_reading_id_region"), ["reading_id", "region"])
    with op.batch_alter_table("study") as table:
        table.drop_constraint(op.f("ck_study_sex"), type_="check")
        for name in (*_TEXTS, *_ADDED):
            table.drop_column(name)
        for name, type_ in _MOVED.items():
            table.add_column(sa.Column(name, type_, nullable=True))
    of_image = "(SELECT {0} FROM image WHERE image.study_id = study.id)"
    setting = ", ".join(f'"{name}" = {of_image.format(f"""image."{name}" """)}' for name in _MOVED)
    run(f"UPDATE study SET {setting}")
    with op.batch_alter_table("study") as table:
        for name, type_ in _MOVED.items():
            if name != "view":
                table.alter_column(name, existing_type=type_, nullable=False)
        table.create_unique_constraint(op.f("uq_study_content_hash"), ["content_hash"])
    op.drop_table("image")
