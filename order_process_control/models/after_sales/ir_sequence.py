from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    """Many numbers with one statement: Odoo draws them one by one."""

    _inherit = "ir.sequence"

    def _get_many_query(self, count):
        """Return the query that draws ``count`` numbers of this sequence of the standard kind."""
        self.ensure_one()
        return SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{self.id:03d}", count
        )
