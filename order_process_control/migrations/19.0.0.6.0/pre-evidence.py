"""Evidence is shown through a field that judges who reads it; what was found is kept.

Here and not in version 19.0.0.3.0: there are databases of that version with the old column.
"""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    if not column_exists(cr, "order_signoff_answer", "evidence"):
        return
    if column_exists(cr, "order_signoff_answer", "kept_evidence"):
        # Both are there when an update in between has added the new one beside it
        cr.execute(
            "UPDATE order_signoff_answer SET kept_evidence = evidence"
            " WHERE kept_evidence IS NULL AND evidence IS NOT NULL"
        )
        cr.execute("ALTER TABLE order_signoff_answer DROP COLUMN evidence")
    else:
        rename_column(cr, "order_signoff_answer", "evidence", "kept_evidence")
