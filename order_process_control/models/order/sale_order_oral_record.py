from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Orders that were placed by word of mouth: not submitted without a record that both sides
    have confirmed (R-012, R-013)."""

    _inherit = "sale.order"

    oral_record_ids = fields.One2many(
        "order.oral.record", "order_id", string="Oral Order Records", groups="base.group_user"
    )
    is_oral = fields.Boolean(
        string="Oral Order",
        compute="_compute_is_oral",
        groups="base.group_user",
        help="Ordered by word of mouth: its channel is oral, or its form.",
    )
    oral_record_hint = fields.Char(compute="_compute_oral_record_hint", groups="base.group_user")

    @api.depends("medium_id", "intake_form")
    def _compute_is_oral(self):
        for order in self:
            # sudo: whoever reads the order knows how it arrived
            order.is_oral = order.intake_form == "oral" or order.medium_id.sudo().is_oral

    @api.depends("is_oral", "oral_record_ids.contract_since", "oral_record_ids.ours_confirmed_at")
    @api.depends_context("lang")
    def _compute_oral_record_hint(self):
        # Everybody opens orders all day, and few of them are oral
        oral = self.filtered("is_oral")
        newest = oral._origin._get_newest_oral_records() if oral else {}
        for order in self:
            record = newest.get(order._origin.id, self.env["order.oral.record"])
            order.oral_record_hint = order.is_oral and order._get_oral_problem(record)

    def _get_newest_oral_records(self):
        """Return ``{order id: its newest record}``, in one query: a correction takes the place of
        the records before it."""
        # sudo: whether there is a record, whoever asks
        records = self.env["order.oral.record"].sudo()
        return {
            r.order_id.id: r for r in records.search([("order_id", "in", self.ids)], order="id")
        }

    def _get_oral_problem(self, record):
        """Return what is missing for an oral order with ``record`` as its newest, or False."""
        if not record:
            return self.env._(
                "It was ordered by word of mouth: write down on the Oral Order page what was"
                " agreed, and have it confirmed by us and by the customer."
            )
        return {
            "open": self.env._(
                "Its Oral/Phone Order Record is not confirmed: use “We Confirm” and “Customer"
                " Confirms” on the Oral Order page."
            ),
            "customer": self.env._(
                "The customer has not confirmed its Oral/Phone Order Record: ask them, and use"
                " “Customer Confirms” on the Oral Order page."
            ),
            "ours": self.env._(
                "Its Oral/Phone Order Record is not confirmed by us: use “We Confirm” on the Oral"
                " Order page."
            ),
        }.get(record.state, False)

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        oral = self.filtered("is_oral")
        newest = oral._get_newest_oral_records() if oral else {}
        for order in oral:
            problem = order._get_oral_problem(newest.get(order.id))
            if problem:
                problems[order].append(problem)
        return problems

    def action_write_oral_record(self):
        """Open the record of this oral order that is still to be confirmed, or a new one.

        :return: a window action
        :raise UserError: for more than one order
        """
        if len(self) != 1:
            raise UserError(self.env._("Choose one order."))
        self.check_access("write")
        record = self.oral_record_ids[:1]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Oral/Phone Order Record"),
            "res_model": "order.oral.record",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }
        return {**action, "res_id": record.id} if record and not record.contract_since else action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_oral_contract(self):
        # sudo: also records that the user may not read
        contracts = self.sudo().oral_record_ids.filtered("contract_since")
        if contracts:
            raise UserError(
                self.env._(
                    "%s is a contract by word of mouth that both sides have confirmed. Cancel it"
                    " instead of deleting it.",
                    ", ".join(contracts.order_id.mapped("name")),
                )
            )
