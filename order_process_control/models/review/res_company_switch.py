from odoo import api, fields, models, tools
from odoo.exceptions import AccessError


class ResCompany(models.Model):
    """The switch of the whole process: off, no order of the company needs a review."""

    _inherit = "res.company"

    order_process_active = fields.Boolean(
        string="Order Process Switched On",
        default=True,
        help="Off: quotations are confirmed as in plain Odoo. Steps, reviews and their history"
        " stay, and go on when it is switched on again. Without any review step nothing is held"
        " back either way.",
    )

    # === WHO SWITCHES ===#

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # After: the value may come from a default or from the context
        companies.filtered(lambda c: not c.order_process_active)._check_may_switch_process()
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        switched = self.browse()
        if "order_process_active" in vals:
            active = bool(vals["order_process_active"])
            switched = self.filtered(lambda c: c.order_process_active != active)
            switched._check_may_switch_process()
        result = super().write(vals)
        if switched:
            self.env.registry.clear_cache()
            switched._log_process_switch()
            switched._forget_review_states()
        return result

    def _check_may_switch_process(self):
        """:raise AccessError: for everybody but the process manager, settings or not"""
        if not (
            not self
            or self.env.su
            or self.env.user.has_group("order_process_control.group_order_manager")
        ):
            raise AccessError(
                self.env._(
                    "Only an Order Process Manager switches the order process on or off: ask one of"
                    " them, or have the right “Order Control: Process Manager” given to you."
                )
            )

    def _log_process_switch(self):
        """Say in the history of these companies who switched the process, and what that means."""
        for company in self:
            body = (
                self.env._("Order process switched on: quotations are reviewed as the steps say.")
                if company.order_process_active
                else self.env._(
                    "Order process switched off: quotations are confirmed without review. Steps,"
                    " reviews and their history stay."
                )
            )
            # sudo: a process manager need not have the right to write companies
            company.sudo()._message_log(body=body, author_id=self.env.user.partner_id.id)

    @api.model
    def _forget_review_states(self):
        """Let what is shown of all orders be computed anew."""
        self.env["sale.order"].invalidate_model(["review_state", "review_strip"], flush=False)

    def action_start_order_process(self):
        """Switch the process of these companies on (R-102); quotations are held back from now on,
        confirmed orders are never judged again.

        :return: True
        :raise AccessError: for everybody but the process manager, and for companies of others
        """
        return self._switch_order_process(True)

    def action_stop_order_process(self):
        """Switch the process of these companies off, losing nothing: see
        :meth:`action_start_order_process`. What is being reviewed can still be signed; its review
        ends when the order is confirmed without it.

        :return: True
        """
        return self._switch_order_process(False)

    def _switch_order_process(self, active):
        self._check_may_switch_process()
        self.check_access("read")
        # sudo: process managers have no right to write companies but this one field
        self.sudo().write({"order_process_active": active})
        return True

    # === READ BY THE GATE ===#

    @api.model
    @tools.ormcache()
    def _get_ids_without_process(self):
        """Return the ids of the companies whose process is switched off, from the cache: the gate
        asks it for every order."""
        # sudo: whoever confirms need not read the company; archived ones have orders as well
        companies = self.sudo().with_context(active_test=False)
        return frozenset(companies.search([("order_process_active", "=", False)])._ids)
