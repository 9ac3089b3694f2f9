"""rebate_facts: what a rebate counts: the day of the sale, periods of statements, stored facts"""

from __future__ import annotations

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
