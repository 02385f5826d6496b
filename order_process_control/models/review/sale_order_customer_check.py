from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.contact import CONTACT_METHODS
from ..order.process_token import as_process

# What nobody goes through with a customer
_INTERNAL_ASPECTS = ("class",)


class SaleOrder(models.Model):
    """Gone through with the customer before it is submitted (R-015); what changes afterwards has
    to be gone through again."""

    _inherit = "sale.order"

    customer_checked_by = fields.Many2one(
        "res.users",
        string="Checked with the Customer by",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    customer_checked_at = fields.Datetime(
        string="Checked with the Customer On", readonly=True, copy=False, groups="base.group_user"
    )
    customer_check_method = fields.Selection(
        CONTACT_METHODS, string="Checked by", readonly=True, copy=False, groups="base.group_user"
    )
    customer_check_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Digest of what was checked: customer, addresses, goods, prices and dates.",
    )
    customer_check_state = fields.Selection(
        [("none", "Not Checked"), ("valid", "Checked"), ("changed", "Changed since")],
        string="Checked with the Customer",
        compute="_compute_customer_check_state",
        groups="base.group_user",
    )
    needs_customer_check = fields.Boolean(
        compute="_compute_needs_customer_check", groups="base.group_user"
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "customer_checked_by",
            "customer_checked_at",
            "customer_check_method",
            "customer_check_fingerprint",
        }

    @api.depends(lambda self: ["customer_check_fingerprint", *self._get_review_state_depends()])
    def _compute_customer_check_state(self):
        # What is being edited is judged when it is saved
        valid = self._origin._filter_checked_with_customer()
        for order in self:
            if not order.customer_checked_at:
                order.customer_check_state = "none"
            else:
                order.customer_check_state = "valid" if order._origin in valid else "changed"

    @api.depends("class_id")
    def _compute_needs_customer_check(self):
        asked = self._filter_needing_customer_check(in_memory=True)
        for order in self:
            order.needs_customer_check = order in asked

    def _filter_needing_customer_check(self, in_memory=False):
        """Return the orders to go through with the customer first: the class that the rules say
        and the one chosen by hand may both ask for it.

        :param bool in_memory: see ``order.rule.mixin._match_rules``
        """
        asking = self.env["order.class"]._get_customer_check_ids()
        if not asking:
            return self.browse()
        ruled = self.env["order.class"]._match_orders(self, in_memory)
        return self.filtered(
            # sudo: the class of an order, whoever reads it
            lambda o: not asking.isdisjoint((ruled[o.id] | o.sudo().class_id)._origin._ids)
        )

    def _filter_checked_with_customer(self):
        """Return the orders that are what was gone through with the customer, in one query."""
        # sudo: stamps are judged, whoever asks
        stamped = self.sudo().filtered("customer_checked_at")
        contents = stamped._get_review_contents()
        checked = stamped.filtered(
            lambda o: o.customer_check_fingerprint == self._get_check_fingerprint(contents[o.id])
        )
        return self.browse(checked.ids)

    @api.model
    def _get_check_fingerprint(self, content):
        """Return the digest of what the customer can check of ``_get_review_contents``."""
        return self._get_fingerprint(
            {aspect: facts for aspect, facts in content.items() if aspect not in _INTERNAL_ASPECTS}
        )

    def action_check_with_customer(self, method):
        """Note that these quotations were gone through with their customers, by the user and now.

        :param str method: phone, email, visit, chat or other
        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: for an unknown method, or for what is no quotation
        """
        self._check_may_submit()
        if method not in dict(CONTACT_METHODS):
            raise UserError(
                self.env._("Choose how you have checked it: phone, e-mail, visit, chat or other.")
            )
        self.env["order.ledger"]._lock(self)
        closed = self.filtered(lambda order: order.state not in ("draft", "sent"))
        if closed:
            raise UserError(
                self.env._(
                    "%s: only quotations are checked with the customer before they are submitted.",
                    ", ".join(closed.mapped("name")),
                )
            )
        contents, entries = self._get_review_contents(), []
        for order in self:
            fingerprint = self._get_check_fingerprint(contents[order.id])
            as_process(order).write(order._prepare_check_vals(method, fingerprint))
            payload = {"method": method, "hash": fingerprint}
            entries.append((order, "customer_checked", payload))
        self.env["order.ledger"]._append(entries)
        self._log_review(
            self.env._("Checked with the customer (%s).", self._get_method_label(method))
        )
        return True

    def _prepare_check_vals(self, method, fingerprint):
        return {
            "customer_checked_by": self.env.uid,
            "customer_checked_at": fields.Datetime.now(),
            "customer_check_method": method,
            "customer_check_fingerprint": fingerprint,
        }

    @api.model
    def _get_method_label(self, method):
        field = self._fields["customer_check_method"]
        return dict(field._description_selection(self.env))[method]

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        asked = self._filter_needing_customer_check()
        unchecked = asked - asked._filter_checked_with_customer() if asked else asked
        for order in unchecked:
            problems[order].append(
                self.env._(
                    "It has changed since it was checked with the customer: go through it again"
                    " and use “Checked with Customer”."
                )
                if order.customer_checked_at
                else self.env._(
                    "Orders of this class are gone through with the customer first (goods,"
                    " quantities, prices, addresses, dates): do so and use “Checked with"
                    " Customer”."
                )
            )
        return problems
