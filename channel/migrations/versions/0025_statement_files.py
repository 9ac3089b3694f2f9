"""statement_files: the hash of a posted statement's frozen content, beside the content"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Frozen with the row, so that the live record can say whether its content still holds.
    op.add_column("rebate_statement", sa.Column("document_sha256", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("rebate_statement", "document_sha256")
