"""When a study was made, where its file says so: a day that was moved with all others of the patient."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("study", sa.Column("examined_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("study") as table:
        table.drop_column("examined_on")
