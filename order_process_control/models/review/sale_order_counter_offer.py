from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SaleOrder(models.Model):
    """The date that the departments can keep, where the promised one is not possible (R-111)."""

    _inherit = "sale.order"

    offered_date = fields.Date(
        string="Date Offered",
        compute="_compute_offered_date",
        groups="base.group_user",
        help="The latest date that a department of the current review offers instead.",
    )

    @api.depends("current_review_id", "commitment_date")
    def _compute_offered_date(self):
        for order in self:
            # sudo: who reads the order sees what the departments say
            offers = order.sudo().current_review_id.signoff_ids.mapped("proposed_date")
            latest = max(filter(None, offers), default=False)
            order.offered_date = latest if latest != order._get_promised_day() else False

    def _get_promised_day(self):
        """Return the promised day where the reader is."""
        self.ensure_one()
        promised = self.commitment_date
        return promised and fields.Datetime.context_timestamp(self, promised).date()

    def action_take_offered_date(self):
        """Promise the date that the departments offer; it is reviewed like any other change.

        :return: a notification that says what is promised now
        :raise AccessError: without write access to the orders
        :raise UserError: when no other date is offered, or the order is no quotation
        """
        self.check_access("write")
        for order in self:
            if not order.offered_date or order.state not in ("draft", "sent"):
                raise UserError(self.env._("%s: no department offers another date.", order.name))
            promised = order.commitment_date or fields.Datetime.now()
            order.commitment_date = datetime.combine(order.offered_date, promised.time())
        return self._prepare_date_notification()

    def _prepare_date_notification(self):
        promises = {order.name: order._get_promised_day() for order in self}
        days = ", ".join(
            f"{name}: {format_date(self.env, day, date_format='medium')}"
            for name, day in promises.items()
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Promised Date Taken"),
                "message": self.env._(
                    "%s. Agree on it with the customer, then request the review again.", days
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
