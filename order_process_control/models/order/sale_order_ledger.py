from odoo import fields, models


class SaleOrder(models.Model):
    """The ledger of an order (design, principle 5)."""

    _inherit = "sale.order"

    ledger_ids = fields.One2many(
        "order.ledger", "order_id", string="Ledger Head", readonly=True, groups="base.group_user"
    )
    event_ids = fields.One2many(
        "order.event", "order_id", string="Ledger Entries", readonly=True, groups="base.group_user"
    )

    def _log_events(self, kind, payload=None):
        """Append the same entry to the ledger of each of these orders.

        :param dict payload: ids and figures, no personal text
        """
        ledger = self.env["order.ledger"]
        # Always: an entry appended to a chain that somebody else has just continued would be a
        # duplicate, and not a conflict that Odoo answers by trying again
        ledger._lock(self)
        ledger._append([(order, kind, payload or {}) for order in self])

    def action_verify_ledger(self):
        """Check the chain of entries of these orders, and that none of them has lost it.

        :return: a notification that says it is intact or names the first break of each order
        :raise AccessError: when the user may not read the orders
        """
        self.check_access("read")
        # sudo: who reads the order may know whether its history is whole
        orders = self.sudo()
        problems = orders.ledger_ids._get_problems()
        problems += orders._filter_without_ledger()._get_lost_ledgers()
        return self.env["order.ledger"]._get_verification_notice(len(self), problems)

    def _get_lost_ledgers(self):
        return [self.env._("%s: the whole ledger is missing.", order.name) for order in self]

    def _filter_without_ledger(self):
        """Return the orders that must have a ledger and have none."""
        return self.filtered(lambda order: order.registered_at and not order.ledger_ids)
