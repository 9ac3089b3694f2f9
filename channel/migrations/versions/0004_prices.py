"""prices, targets and the market"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Rows of these tables never change; the database itself refuses.
APPEND_ONLY = ("price_report", "promotion_log", "display_check", "market_evidence")

#: Settings of the house in basis points, with what they are to begin with.
MAKER_SETTINGS = {"floor_margin_bp": 800, "ladder_rebate_bp": 200, "growth_bound_bp": 3000}


def upgrade() -> None:
    for name, value in MAKER_SETTINGS.items():
        op.add_column(
            "maker",
            sa.Column(name, sa.Integer(), nullable=False, server_default=str(value)),
        )
    op.create_table('outlet',
    sa.Column('id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('supermarket', 'convenience', 'restaurant', 'wholesale', 'other')", name=op.f('ck_outlet_kind')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_outlet_distributor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outlet'))
    )
    op.create_index(op.f('ix_outlet_distributor_id'), 'outlet', ['distributor_id'], unique=False)
    op.create_index(op.f('ix_outlet_division_code'), 'outlet', ['division_code'], unique=False)
    op.create_table('display_check',
    sa.Column('id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('outlet_id', BigId, nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('items', Json, nullable=False),
    sa.Column('required', sa.Integer(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('pass_percent', sa.Integer(), nullable=False),
    sa.Column('is_passed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('checked_by_id', BigId, nullable=True),
    sa.Column('recorded_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('found >= 0 AND found <= required AND required > 0', name=op.f('ck_display_check_faces')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['user_account.id'], name=op.f('fk_display_check_checked_by_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_display_check_distributor_id')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_display_check_outlet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display_check'))
    )
    op.create_index('ix_display_check_distributor_id_checked_on', 'display_check', ['distributor_id', 'checked_on'], unique=False)
    op.create_index(op.f('ix_display_check_outlet_id'), 'display_check', ['outlet_id'], unique=False)
    op.create_table('display_standard',
    sa.Column('id', BigId, nullable=False),
    sa.Column('outlet_kind', sa.String(length=16), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('items', Json, nullable=False),
    sa.Column('set_by_id', BigId, nullable=True),
    sa.Column('set_at', UtcInstant(), nullable=False),
    sa.CheckConstraint("outlet_kind IN ('supermarket', 'convenience', 'restaurant', 'wholesale', 'other')", name=op.f('ck_display_standard_kind')),
    sa.ForeignKeyConstraint(['set_by_id'], ['user_account.id'], name=op.f('fk_display_standard_set_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display_standard')),
    sa.UniqueConstraint('outlet_kind', 'valid_from', name=op.f('uq_display_standard_outlet_kind_valid_from'))
    )
    op.create_table('market_evidence',
    sa.Column('id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('subject_kind', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('mimetype', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=True),
    sa.Column('added_by_id', BigId, nullable=True),
    sa.Column('added_at', UtcInstant(), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['user_account.id'], name=op.f('fk_market_evidence_added_by_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_market_evidence_distributor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_evidence'))
    )
    op.create_index(op.f('ix_market_evidence_distributor_id'), 'market_evidence', ['distributor_id'], unique=False)
    op.create_index('ix_market_evidence_subject', 'market_evidence', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('market_size',
    sa.Column('id', BigId, nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False),
    sa.Column('entered_by_id', BigId, nullable=True),
    sa.Column('entered_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_market_size_positive')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user_account.id'], name=op.f('fk_market_size_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_size')),
    sa.UniqueConstraint('division_code', 'year', name=op.f('uq_market_size_division_code_year'))
    )
    op.create_table('pop_placement',
    sa.Column('id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('outlet_id', BigId, nullable=False),
    sa.Column('item', sa.String(length=255), nullable=False),
    sa.Column('spot', sa.String(length=255), nullable=False),
    sa.Column('consent_by', sa.String(length=255), nullable=False),
    sa.Column('placed_on', sa.Date(), nullable=False),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('placed_by_id', BigId, nullable=True),
    sa.Column('recorded_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('removed_on IS NULL OR removed_on >= placed_on', name=op.f('ck_pop_placement_span')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_pop_placement_distributor_id')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_pop_placement_outlet_id')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['user_account.id'], name=op.f('fk_pop_placement_placed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pop_placement'))
    )
    op.create_index('ix_pop_placement_distributor_id_placed_on', 'pop_placement', ['distributor_id', 'placed_on'], unique=False)
    op.create_index(op.f('ix_pop_placement_outlet_id'), 'pop_placement', ['outlet_id'], unique=False)
    op.create_table('price_report',
    sa.Column('id', BigId, nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('product_id', BigId, nullable=False),
    sa.Column('outlet_id', BigId, nullable=True),
    sa.Column('place', sa.String(length=255), nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_fen', sa.BigInteger(), nullable=False),
    sa.Column('floor_fen', sa.BigInteger(), nullable=True),
    sa.Column('ceiling_fen', sa.BigInteger(), nullable=True),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('evidence', sa.String(length=1000), nullable=False),
    sa.Column('reported_by_id', BigId, nullable=True),
    sa.Column('reported_at', UtcInstant(), nullable=False),
    sa.CheckConstraint("verdict IN ('inside','below','above','no_band')", name=op.f('ck_price_report_verdict')),
    sa.CheckConstraint('price_fen > 0', name=op.f('ck_price_report_positive')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_price_report_distributor_id')),
    sa.ForeignKeyConstraint(['outlet_id'], ['outlet.id'], name=op.f('fk_price_report_outlet_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_price_report_product_id')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['user_account.id'], name=op.f('fk_price_report_reported_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_report')),
    sa.UniqueConstraint('number', name=op.f('uq_price_report_number'))
    )
    op.create_index('ix_price_report_distributor_id_seen_on', 'price_report', ['distributor_id', 'seen_on'], unique=False)
    op.create_index(op.f('ix_price_report_product_id'), 'price_report', ['product_id'], unique=False)
    op.create_table('promotion',
    sa.Column('id', BigId, nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('budget_fen', sa.BigInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('approval_number', sa.String(length=64), nullable=True),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('spent_fen', sa.BigInteger(), nullable=True),
    sa.Column('filed_by_id', BigId, nullable=True),
    sa.Column('filed_at', UtcInstant(), nullable=False),
    sa.Column('approved_by_id', BigId, nullable=True),
    sa.Column('decided_at', UtcInstant(), nullable=True),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('filed','approved','rejected','closed')", name=op.f('ck_promotion_state')),
    sa.CheckConstraint('approved_by_id IS NULL OR filed_by_id IS NULL OR approved_by_id <> filed_by_id', name=op.f('ck_promotion_two_persons')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_promotion_span')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user_account.id'], name=op.f('fk_promotion_approved_by_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_promotion_distributor_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['user_account.id'], name=op.f('fk_promotion_filed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotion')),
    sa.UniqueConstraint('approval_number', name=op.f('uq_promotion_approval_number')),
    sa.UniqueConstraint('number', name=op.f('uq_promotion_number'))
    )
    op.create_index('ix_promotion_distributor_id_state', 'promotion', ['distributor_id', 'state'], unique=False)
    op.create_table('suggested_price',
    sa.Column('id', BigId, nullable=False),
    sa.Column('product_id', BigId, nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('wholesale_fen', sa.BigInteger(), nullable=False),
    sa.Column('retail_fen', sa.BigInteger(), nullable=False),
    sa.Column('floor_fen', sa.BigInteger(), nullable=True),
    sa.Column('ceiling_fen', sa.BigInteger(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('proposed_by_id', BigId, nullable=True),
    sa.Column('proposed_at', UtcInstant(), nullable=False),
    sa.Column('approved_by_id', BigId, nullable=True),
    sa.Column('approved_at', UtcInstant(), nullable=True),
    sa.CheckConstraint('approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id', name=op.f('ck_suggested_price_two_persons')),
    sa.CheckConstraint('floor_fen IS NULL OR ceiling_fen IS NULL OR floor_fen <= ceiling_fen', name=op.f('ck_suggested_price_band')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_suggested_price_span')),
    sa.CheckConstraint('wholesale_fen > 0 AND retail_fen > 0', name=op.f('ck_suggested_price_positive')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user_account.id'], name=op.f('fk_suggested_price_approved_by_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_suggested_price_product_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id'], name=op.f('fk_suggested_price_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggested_price')),
    sa.UniqueConstraint('product_id', 'currency', 'valid_from', name=op.f('uq_suggested_price_product_id_currency_valid_from'))
    )
    op.create_table('target_plan',
    sa.Column('id', BigId, nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('total_fen', sa.BigInteger(), nullable=False),
    sa.Column('weights', Json, nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('grounds', Json, nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('parts', Json, nullable=True),
    sa.Column('drafted_by_id', BigId, nullable=True),
    sa.Column('drafted_at', UtcInstant(), nullable=False),
    sa.Column('submitted_by_id', BigId, nullable=True),
    sa.Column('submitted_at', UtcInstant(), nullable=True),
    sa.Column('signed_by_id', BigId, nullable=True),
    sa.Column('signed_at', UtcInstant(), nullable=True),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft','review','signed','superseded')", name=op.f('ck_target_plan_state')),
    sa.CheckConstraint('signed_by_id IS NULL OR submitted_by_id IS NULL OR signed_by_id <> submitted_by_id', name=op.f('ck_target_plan_two_persons')),
    sa.CheckConstraint('total_fen > 0', name=op.f('ck_target_plan_positive')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_target_plan_distributor_id')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['user_account.id'], name=op.f('fk_target_plan_drafted_by_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['user_account.id'], name=op.f('fk_target_plan_signed_by_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['user_account.id'], name=op.f('fk_target_plan_submitted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target_plan')),
    sa.UniqueConstraint('number', name=op.f('uq_target_plan_number'))
    )
    op.create_index('ix_target_plan_owner', 'target_plan', ['distributor_id', 'year', 'state'], unique=False)
    op.create_table('promotion_log',
    sa.Column('id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('promotion_id', BigId, nullable=True),
    sa.Column('stated_number', sa.String(length=64), nullable=False),
    sa.Column('took_place_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=255), nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('what', sa.String(length=1000), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('finding', Json, nullable=True),
    sa.Column('logged_by_id', BigId, nullable=True),
    sa.Column('logged_at', UtcInstant(), nullable=False),
    sa.CheckConstraint("verdict IN ('evidence','incident')", name=op.f('ck_promotion_log_verdict')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_promotion_log_distributor_id')),
    sa.ForeignKeyConstraint(['logged_by_id'], ['user_account.id'], name=op.f('fk_promotion_log_logged_by_id')),
    sa.ForeignKeyConstraint(['promotion_id'], ['promotion.id'], name=op.f('fk_promotion_log_promotion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotion_log'))
    )
    op.create_index(op.f('ix_promotion_log_distributor_id'), 'promotion_log', ['distributor_id'], unique=False)
    op.create_index(op.f('ix_promotion_log_promotion_id'), 'promotion_log', ['promotion_id'], unique=False)
    op.create_table('freight_cost',
    sa.Column('id', BigId, nullable=False),
    sa.Column('shipment_id', BigId, nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('carrier', sa.String(length=255), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('recorded_by_id', BigId, nullable=True),
    sa.Column('recorded_at', UtcInstant(), nullable=False),
    sa.CheckConstraint('amount_fen >= 0', name=op.f('ck_freight_cost_amount')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_freight_cost_distributor_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_freight_cost_recorded_by_id')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipment.id'], name=op.f('fk_freight_cost_shipment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_freight_cost')),
    sa.UniqueConstraint('shipment_id', name=op.f('uq_freight_cost_shipment_id'))
    )
    op.create_index(op.f('ix_freight_cost_distributor_id'), 'freight_cost', ['distributor_id'], unique=False)
    op.create_table('market_incident',
    sa.Column('id', BigId, nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('topic', sa.String(length=12), nullable=False),
    sa.Column('distributor_id', BigId, nullable=False),
    sa.Column('division_code', sa.String(length=6), nullable=False),
    sa.Column('place', sa.String(length=255), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('finding', Json, nullable=True),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('interest', sa.Text(), nullable=False),
    sa.Column('actions', sa.Text(), nullable=False),
    sa.Column('price_report_id', BigId, nullable=True),
    sa.Column('promotion_log_id', BigId, nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('known_at', UtcInstant(), nullable=False),
    sa.Column('reported_at', UtcInstant(), nullable=False),
    sa.Column('due_at', UtcInstant(), nullable=True),
    sa.Column('acknowledged_at', UtcInstant(), nullable=True),
    sa.Column('acknowledged_by_id', BigId, nullable=True),
    sa.Column('escalated_at', UtcInstant(), nullable=True),
    sa.Column('notice', sa.Text(), nullable=False),
    sa.Column('noticed_at', UtcInstant(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', UtcInstant(), nullable=True),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('closed_at', UtcInstant(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('filed_by_id', BigId, nullable=True),
    sa.Column('closed_by_id', BigId, nullable=True),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_market_incident_closed')),
    sa.CheckConstraint("kind IN ('price', 'promotion', 'local', 'diversion')", name=op.f('ck_market_incident_kind')),
    sa.CheckConstraint("severity IN ('low', 'medium', 'high')", name=op.f('ck_market_incident_severity')),
    sa.CheckConstraint("state <> 'closed' OR result <> ''", name=op.f('ck_market_incident_result')),
    sa.CheckConstraint("state IN ('open','notice','answered','closed')", name=op.f('ck_market_incident_state')),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['user_account.id'], name=op.f('fk_market_incident_acknowledged_by_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user_account.id'], name=op.f('fk_market_incident_closed_by_id')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributor.id'], name=op.f('fk_market_incident_distributor_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['user_account.id'], name=op.f('fk_market_incident_filed_by_id')),
    sa.ForeignKeyConstraint(['price_report_id'], ['price_report.id'], name=op.f('fk_market_incident_price_report_id')),
    sa.ForeignKeyConstraint(['promotion_log_id'], ['promotion_log.id'], name=op.f('fk_market_incident_promotion_log_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_incident')),
    sa.UniqueConstraint('number', name=op.f('uq_market_incident_number')),
    sa.UniqueConstraint('price_report_id', name=op.f('uq_market_incident_price_report_id')),
    sa.UniqueConstraint('promotion_log_id', name=op.f('uq_market_incident_promotion_log_id'))
    )
    op.create_index('ix_market_incident_clock', 'market_incident', ['acknowledged_at', 'escalated_at', 'due_at'], unique=False)
    op.create_index('ix_market_incident_distributor_id_state', 'market_incident', ['distributor_id', 'state'], unique=False)
    op.create_index('ix_market_incident_kind_opened_on', 'market_incident', ['kind', 'opened_on', 'division_code'], unique=False)
    refuse_changes(APPEND_ONLY)


def downgrade() -> None:
    allow_changes(APPEND_ONLY)
    op.drop_index('ix_market_incident_kind_opened_on', table_name='market_incident')
    op.drop_index('ix_market_incident_distributor_id_state', table_name='market_incident')
    op.drop_index('ix_market_incident_clock', table_name='market_incident')
    op.drop_table('market_incident')
    op.drop_index(op.f('ix_freight_cost_distributor_id'), table_name='freight_cost')
    op.drop_table('freight_cost')
    op.drop_index(op.f('ix_promotion_log_promotion_id'), table_name='promotion_log')
    op.drop_index(op.f('ix_promotion_log_distributor_id'), table_name='promotion_log')
    op.drop_table('promotion_log')
    op.drop_index('ix_target_plan_owner', table_name='target_plan')
    op.drop_table('target_plan')
    op.drop_table('suggested_price')
    op.drop_index('ix_promotion_distributor_id_state', table_name='promotion')
    op.drop_table('promotion')
    op.drop_index(op.f('ix_price_report_product_id'), table_name='price_report')
    op.drop_index('ix_price_report_distributor_id_seen_on', table_name='price_report')
    op.drop_table('price_report')
    op.drop_index(op.f('ix_pop_placement_outlet_id'), table_name='pop_placement')
    op.drop_index('ix_pop_placement_distributor_id_placed_on', table_name='pop_placement')
    op.drop_table('pop_placement')
    op.drop_table('market_size')
    op.drop_index('ix_market_evidence_subject', table_name='market_evidence')
    op.drop_index(op.f('ix_market_evidence_distributor_id'), table_name='market_evidence')
    op.drop_table('market_evidence')
    op.drop_table('display_standard')
    op.drop_index(op.f('ix_display_check_outlet_id'), table_name='display_check')
    op.drop_index('ix_display_check_distributor_id_checked_on', table_name='display_check')
    op.drop_table('display_check')
    op.drop_index(op.f('ix_outlet_division_code'), table_name='outlet')
    op.drop_index(op.f('ix_outlet_distributor_id'), table_name='outlet')
    op.drop_table('outlet')
    for name in reversed(MAKER_SETTINGS):
        op.drop_column("maker", name)
