"""Evidence is shown through a field that judges who reads it; what was found is kept."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    if column_exists(cr, "order_signoff_answer", "evidence"):
        rename_column(cr, "order_signoff_answer", "evidence", "kept_evidence")
