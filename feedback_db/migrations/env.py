"""What Alembic runs: it uses the connection that ``feedback_db.store.migration`` opened, within its transaction."""

from alembic import context

from feedback_db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
