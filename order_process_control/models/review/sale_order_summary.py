from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What the Order Summary Table says of an order beside its own fields (R-081)."""

    _inherit = "sale.order"

    review_result = fields.Selection(
        [("ok", "OK"), ("ng", "NG"), ("none", "Without Review")],
        compute="_compute_review_result",
        search="_search_review_result",
        groups="base.group_user",
        help="OK: all departments can keep what the order promises. NG: one of them rejected it.",
    )
    released_at = fields.Datetime(
        related="release_id.decided_at", string="Released On", groups="base.group_user"
    )
    released_by = fields.Many2one(
        "res.users",
        compute="_compute_released_by",
        groups="base.group_user",
        help="Who signed last, or exempted the order from its review.",
    )

    @api.depends("state", "release_id", "release_exempt", "review_state")
    def _compute_review_result(self):
        for order in self:
            order.review_result = order._get_review_result()

    def _get_review_result(self):
        self.ensure_one()
        if self.state == "sale":
            return "ok" if self.release_id else "none"
        if self.state == "cancel":
            return False
        if self.release_exempt:
            return "none"
        return {"approved": "ok", "rejected": "ng"}.get(self.review_state, False)

    def _search_review_result(self, operator, value):
        if operator != "in":
            return NotImplemented
        # A search method answers everybody: the groups of the field only guard reading it
        self._check_field_access(self._fields["review_result"], "read")
        is_sale = Domain("state", "=", "sale")
        is_open = Domain("state", "in", ("draft", "sent"))
        is_exempt = Domain("release_exempt", "=", True)
        reviewed = is_open & ~is_exempt
        domains = {
            "ok": is_sale & Domain("release_id", "!=", False)
            | reviewed & Domain("review_state", "=", "approved"),
            "ng": reviewed & Domain("review_state", "=", "rejected"),
            "none": is_sale & Domain("release_id", "=", False) | is_open & is_exempt,
        }
        rest = Domain("state", "=", "cancel") | reviewed & Domain(
            "review_state", "not in", ("approved", "rejected")
        )
        return Domain.OR(rest if not name else domains[name] for name in value)

    @api.depends("release_id", "release_exempt")
    def _compute_released_by(self):
        # sudo: who signed is told to everybody who reads the order, see the strip of departments
        orders = self.sudo()
        exempt = orders.filtered(lambda order: order.release_exempt and not order.release_id)
        exempted_by = exempt._get_exempting_users()
        for order in orders:
            signed = order.release_id.signoff_ids.filtered("decided_at").sorted("decided_at")
            order.released_by = signed[-1:].decided_by or exempted_by.get(order.id)

    def _get_exempting_users(self):
        """Return ``{order id: who exempted it from its review}``."""
        events = self.env["order.event"].search(
            Domain("order_id", "in", self.ids) & Domain("kind", "=", "exempted"), order="number"
        )
        return {event.order_id.id: event.user_id for event in events}
