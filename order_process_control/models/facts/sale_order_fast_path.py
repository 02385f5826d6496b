from odoo import api, fields, models

from ..order.kept_rows import update_rows
from ..review.fact import PASS


class SaleOrder(models.Model):
    """The fast path: a regular order of goods that are in stock needs no department (R-078)."""

    _inherit = "sale.order"

    is_fast_path = fields.Boolean(
        string="Fast Path",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="All goods were in stock when the order was submitted. Its deliveries wait for the"
        " salesperson's signature on the Shipping Notice.",
    )
    fast_path_evidence = fields.Text(
        string="In Stock", readonly=True, copy=False, groups="base.group_user"
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"is_fast_path", "fast_path_evidence"}

    @api.model
    def _prepare_void_vals(self):
        vals = super()._prepare_void_vals()
        return {**vals, "is_fast_path": False, "fast_path_evidence": False}

    # === WHICH ORDERS ===#

    def _get_fast_path_evidence(self):
        """Tell which of these orders need no department because everything is in stock (R-078).

        Both the class that the rules say and the one chosen by hand must have a fast path, and
        every line must be goods whose stock Odoo knows.

        :return: ``{order id: what was found in stock, in words, or False}``
        """
        evidence = dict.fromkeys(self._ids, False)
        candidates = self._filter_fast_path_class()._filter_only_stored_goods()
        # sudo: a salesperson need not see the stock of every location to get an answer
        checks = self.env["order.review.criterion"].sudo()
        for order_id, fact in checks._look_up("stock_available", candidates.sudo()).items():
            evidence[order_id] = fact.evidence if fact.result == PASS else False
        return evidence

    def _filter_fast_path_class(self):
        """Return the orders of classes with a fast path, in companies that have not switched it
        off."""
        fast_ids = self.env["order.class"]._get_fast_path_ids()
        # sudo: class and company of an order, whoever submits it
        orders = self.filtered(lambda o: o.sudo().company_id.order_fast_path) if fast_ids else ()
        if not orders:
            return self.browse()
        ruled = self.env["order.class"]._match_orders(orders)
        return orders.filtered(
            lambda order: ruled[order.id].id in fast_ids
            and (not order.sudo().class_id or order.sudo().class_id.id in fast_ids)
        )

    def _filter_only_stored_goods(self):
        """Return the orders of goods alone whose stock Odoo knows.

        A service needs people, and a quantity below zero would hide what another line needs.
        """
        if not self:
            return self
        # sudo: the whole order counts, whoever submits it
        lines_by_order = self.sudo()._get_watched_lines().grouped("order_id")
        return self.filtered(
            lambda order: order.sudo() in lines_by_order
            and all(line._is_stored_goods() for line in lines_by_order[order.sudo()])
        )

    # === STAMPING ===#

    def _open_rounds(self, proposals, history, kind="requested", reason=False):
        # Judged anew with each submission of the order itself; a change leaves it as it was
        own = [proposal for proposal in proposals if proposal.subject == "order"]
        self.browse(proposal.order.id for proposal in own)._stamp_fast_path()
        return super()._open_rounds(proposals, history, kind, reason)

    def write(self, vals):
        if vals.get("state") == "sale":
            # Where no step applies nothing is submitted: the Shipping Notice counts all the same.
            # sudo: stamps are judged, whoever confirms
            self.filtered(
                lambda o: o.state != "sale" and not o.sudo().current_review_id
            )._stamp_fast_path()
        return super().write(vals)

    def _stamp_fast_path(self):
        """Remember which of these orders are on the fast path, and what was found in stock."""
        evidence = self._get_fast_path_evidence()
        # sudo: stamps are not writable for anybody, whoever submits
        changed = self.sudo().filtered(lambda o: (o.fast_path_evidence or False) != evidence[o.id])
        update_rows(
            changed,
            [
                {"is_fast_path": bool(evidence[o.id]), "fast_path_evidence": evidence[o.id]}
                for o in changed
            ],
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_stored_goods(self):
        """Tell whether this line orders goods whose stock Odoo knows."""
        self.ensure_one()
        return self.product_id.is_storable and self.product_uom_qty > 0
