from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from ..common import OrderProcessCommon


class AlertCommon(OrderProcessCommon):
    """Rules of one's own: those that are shipped stay switched off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.alert.rule"].search([]).active = False
        cls.customer.write(
            {
                "street": "1 Main Street",
                "city": "Brussels",
                "country_id": cls.env.ref("base.be").id,
                "email": "careful@example.com",
            }
        )
        cls.env.company.resource_calendar_id.tz = "Europe/Brussels"

    @classmethod
    def _create_rule(cls, indicator, threshold=0, **vals):
        return cls.env["order.alert.rule"].create(
            {"name": f"Rule {indicator}", "indicator": indicator, "threshold": threshold, **vals}
        )

    def _find(self, rule):
        """Return ``{document: figures}`` of what the rule finds among all documents."""
        causes = rule._find()
        return {self.env[c["res_model"]].browse(c["res_id"]): c["figures"] for c in causes}

    def _check(self, rule):
        """Check the rule as the scheduled action does and return its alerts."""
        rule._check_isolated()
        self.assertFalse(rule.error)
        return self._alerts(rule)

    def _alerts(self, rule):
        return self.env["order.alert"].search([("rule_id", "=", rule.id)])

    def _confirm(self, order, promised=None):
        """Confirm as superuser; ``promised``: days from now."""
        order = order.sudo()
        order.action_confirm()
        if promised is not None:
            order.commitment_date = fields.Datetime.now() + timedelta(days=promised)
        self.assertEqual(order.state, "sale")
        return order

    def _set(self, record, **vals):
        """Write what only time writes."""
        record.flush_recordset()
        assignments = ", ".join(f"{name} = %s" for name in vals)
        self.env.cr.execute(
            f"UPDATE {record._table} SET {assignments} WHERE id = %s",
            [*vals.values(), record.id],
        )
        record.invalidate_recordset()

    def _deliver(self, order, quantity=None):
        """Validate the pickings of the order; ``quantity`` of each move instead of all."""
        for picking in order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")):
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty if quantity is None else quantity
                move.picked = True
            picking.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=picking.ids, skip_sms=True
            ).button_validate()
        return order.picking_ids

    def _at(self, moment):
        """Let the rules believe that it is another time."""
        return patch.object(type(self.env["order.alert.rule"]), "_now", lambda rule: moment)
