from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..order.sale_order_priority import NORMAL
from ..review import activities

TELL_KEY = "order_tells_customer"


class OrderExpedite(models.Model):
    """An emergency that cannot be met (R-162 .. R-169): the salesperson knows at once, the customer
    is told, a remedial measure is recorded, and it is escalated."""

    _inherit = "order.expedite"

    customer_told_at = fields.Datetime(
        string="Customer Told On", readonly=True, copy=False, tracking=True
    )
    remedy = fields.Text(
        string="Remedial Measure",
        readonly=True,
        copy=False,
        help="What reduces the customer's loss (R-164).",
    )
    remedy_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    remedy_at = fields.Datetime(string="Remedy Recorded On", readonly=True, copy=False)
    failure = fields.Text(compute="_compute_failure", help="Why it cannot be met.")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "customer_told_at",
            "remedy",
            "remedy_by",
            "remedy_at",
        }

    @api.depends("emergency_state")
    @api.depends_context("lang", "tz")
    def _compute_failure(self):
        for expedite in self:
            # sudo: who reads the emergency knows why it failed
            own = expedite.sudo()
            has_failed = own.emergency_state in ("not_met", "closed")
            expedite.failure = has_failed and own._get_failure()

    def _get_failure(self):
        self.ensure_one()
        if self._get_confirmation("supply").state == "confirmed":
            rejected = self.review_id.signoff_ids.filtered(lambda s: s.state == "rejected")
            if rejected:
                return rejected[0].comment
        return self.confirmation_ids.filtered(lambda r: r.state == "declined")[-1:].note

    # === IT CANNOT BE MET ===#

    def action_decline_emergency(self, reason):
        """Say that supply or shipment cannot be done in time (R-166).

        :param str reason: with the state of production, or what the supplier or carrier says;
            never blank
        :return: True
        :raise AccessError: for whoever does not answer for the department
        :raise UserError: without a reason, or when neither of them is to be confirmed now
        """
        # sudo: whose turn it is; who may answer is checked in there
        part = self.sudo().emergency_state if len(self.ids) == 1 else False
        row = self._begin_answer(part if part in ("supply", "shipment") else "supply")
        reason = self._clean_emergency_text(reason)
        if not reason:
            raise UserError(self.env._("Write why it cannot be met, with how things stand."))
        row._answer({"state": "declined", "note": reason})
        # sudo: see _begin_answer
        self.sudo()._fail_emergency(reason)
        return True

    def _fail_emergency(self, reason):
        self.confirmation_ids._cancel()
        as_process(self).write({"emergency_state": "not_met"})
        self._log_emergency("emergency_declined")
        self._log(self.env._("Emergency cannot be met: %s", reason))
        self._plan_emergency_task(
            "emergency_failed", self.env._("cannot be met: tell the customer, find a remedy")
        )
        self._escalate()

    def _refuse(self, review):
        """Nobody lets it have the goods that are reserved for others."""
        result = super()._refuse(review)
        for expedite in self.filtered(lambda e: e.emergency_state == "shipment"):
            expedite._fail_emergency(expedite._get_failure() or "")
        return result

    def action_correct(self):
        if self.filtered(lambda expedite: expedite.emergency_state == "not_met"):
            raise UserError(
                self.env._("Ask again for the emergency, or close it with a remedial measure.")
            )
        return super().action_correct()

    def _escalate(self):
        """Let the process manager know, whoever else does (R-165, R-169)."""
        manager = self.company_id.order_process_manager_id
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": "emergency_escalated",
                    "summary": self.env._("%s: an emergency cannot be met", self.order_id.name),
                    "note": self.failure,
                    "user_id": manager.id,
                }
            ]
            if manager.active
            else [],
        )

    def action_ask_again(self, supply_department_id=None, needed_by=None):
        """Ask for supply and shipment again, of another department or by a later time that the
        customer agrees to.

        :param int supply_department_id: another department, else the same
        :param needed_by: another time (UTC), else the same
        :return: True
        :raise AccessError: for whoever may not write the order
        :raise UserError: unless it was said that it cannot be met
        """
        self._check_failed()
        # sudo: process fields and rows, of an emergency that the user may go on with
        expedite = self.sudo()
        vals = {"emergency_state": "supply"}
        if expedite.state == "refused":
            vals["state"] = "draft"
        if needed_by:
            vals["needed_by"] = self._clean_moment(needed_by)
        if supply_department_id:
            id_ = self.env["order.signoff"]._clean_id(supply_department_id)
            vals["supply_department_id"] = self.env["hr.department"].sudo().browse(id_).exists().id
        as_process(expedite).write(vals)
        self._note_editor()
        expedite.confirmation_ids._insert_rows(
            expedite._prepare_confirmations(("supply", "shipment"))
        )
        expedite.invalidate_recordset(["confirmation_ids"])
        activities.close(expedite, kinds=["emergency_failed", "emergency_escalated"])
        expedite._close_tasks()
        expedite._log_emergency("emergency_started")
        expedite._get_confirmation("supply")._ask()
        return True

    def _check_failed(self):
        """:raise UserError: unless this is one emergency that cannot be met"""
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one expedite."))
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        if self.emergency_state != "not_met":
            raise UserError(
                self.env._("Nobody has said that this emergency cannot be met. Reload the page.")
            )

    # === TELLING THE CUSTOMER ===#

    def action_tell_customer(self):
        """Open the mail in which the customer is told how it stands; sending it is recorded.

        :return: a window action
        :raise AccessError: for whoever may not write the order
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one expedite."))
        self._check_may_act()
        template = self.env.ref(
            "order_process_control.mail_template_emergency", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the Customer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template and template.id,
                "default_partner_ids": self.partner_id.ids,
                TELL_KEY: True,
            },
        }

    def action_note_customer_told(self, note):
        """Record that the customer was told otherwise, such as by phone.

        :param str note: who was told what; never blank
        :return: True
        :raise AccessError: for whoever may not write the order
        :raise UserError: without a note
        """
        self._check_may_act()
        note = self._clean_emergency_text(note)
        if not note:
            raise UserError(self.env._("Write whom you have told what."))
        # sudo: process field
        self.sudo()._mark_customer_told()
        self.sudo()._log(self.env._("The customer was told: %s", note))
        return True

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        # sudo: who got it, also people whom the sender may not read
        if self.env.context.get(TELL_KEY) and self.partner_id in message.sudo().partner_ids:
            self._check_may_act()
            # sudo: process field
            self.sudo()._mark_customer_told()
        return message

    def _mark_customer_told(self):
        as_process(self).write({"customer_told_at": fields.Datetime.now()})
        activities.close(self, kinds=["emergency_met"])

    # === ENDING ===#

    def action_close_not_met(self, remedy):
        """Close an emergency that could not be met, with what was done about it (R-164).

        :param str remedy: the remedial measure; never blank
        :return: True
        :raise AccessError: for whoever may not write the order
        :raise UserError: without a measure, or before the customer was told
        """
        self._check_failed()
        remedy = self._clean_emergency_text(remedy)
        if not remedy:
            raise UserError(
                self.env._(
                    "Write which measure reduces the customer's loss: it cannot be closed without."
                )
            )
        if not self.customer_told_at:
            raise UserError(
                self.env._("Tell the customer first: by mail, or note that you told them by phone.")
            )
        # sudo: process fields
        expedite = self.sudo()
        as_process(expedite).write(
            {
                "emergency_state": "closed",
                "state": "not_met",
                "remedy": remedy,
                "remedy_by": self.env.uid,
                "remedy_at": fields.Datetime.now(),
                "requested_by": expedite._get_first_responsible().id,
                "requested_at": expedite.requested_at or expedite.create_date,
            }
        )
        kinds = ["emergency_told", "emergency_failed", "emergency_escalated"]
        activities.close(expedite, kinds=kinds)
        expedite._end_round("emergency_closed")
        expedite._log(self.env._("Closed, not met. Remedial measure: %s", remedy))
        return True

    def _end_round(self, kind):
        """End what is still being signed of it."""
        entries = [(e.order_id, kind, {"expedite": e.id, "by": self.env.uid}) for e in self]
        running = self.review_id.filtered(lambda review: review.state == "in_progress")
        running._close("cancelled", entries)
        running._follow_clocks()
        running._close_questions()
        self.env["order.ledger"]._append(entries)
        self._close_tasks()

    def _cancel(self):
        result = super()._cancel()
        begun = self.filtered(lambda e: e.emergency_state not in (False, "closed"))
        begun.confirmation_ids._cancel()
        as_process(begun).write({"emergency_state": "cancelled"})
        kinds = ["emergency_told", "emergency_failed", "emergency_escalated", "emergency_met"]
        activities.close(begun, kinds=kinds)
        begun._withdraw_priority()
        return result

    def _revert(self):
        """What took no stock from others gives back nothing but its place in the queue."""
        if self.before:
            return super()._revert()
        self._check_nothing_shipped()
        self._withdraw_priority()
        as_process(self).write({"state": "reverted", "reverted_at": fields.Datetime.now()})
        self._log_events("reverted")
        self._log(self.env._("Reverted: the order waits for its turn again"))
        return None

    def _withdraw_priority(self):
        hurried = self.filtered("is_hurried")
        hurried.order_id._set_priority(NORMAL, False)
        as_process(hurried).write({"is_hurried": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_emergency(self):
        begun = self.filtered("emergency_state")
        if begun:
            raise UserError(
                self.env._(
                    "%s: people were asked to confirm it. Cancel it instead of deleting it.",
                    ", ".join(begun.mapped("name")),
                )
            )

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        if self.kind == "emergency" and not self.needs_queue_jump:
            problems.append(
                self.env._(
                    "An emergency is submitted only when its goods are reserved for others: need"
                    " and supply are confirmed first."
                )
            )
        return problems
