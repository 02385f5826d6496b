"""The column of the requirements is empty at first: created here, no order is computed for it."""


def migrate(cr, version):
    cr.execute("ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS requirement_properties jsonb")
