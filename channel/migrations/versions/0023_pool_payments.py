"""pool_payments: the rebate pool as a ledger: uses, expiry, forms of payment"""

from __future__ import annotations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
