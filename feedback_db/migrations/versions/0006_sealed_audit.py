"""The audit and every saved text bear seals, and the number of an erased study or reading is never given again.

Rows of before have no seal; the row of this very migration closes the chain over them. Down, the seals go, and the
chain holds as the older release reads it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SEALED = ("audit_event", "audit_head", "reading_revision")
# SQLite gives the number of the last row again when that row is gone.
_NUMBERED = ("study", "reading")


def upgrade() -> None:
    for name in _SEALED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("seal", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        for name in _NUMBERED:
            with op.batch_alter_table(name, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
                pass


def downgrade() -> None:
    for name in _SEALED:
        with op.batch_alter_table(name) as table:
            table.drop_column("seal")
