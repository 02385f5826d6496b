from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..order.process_token import as_process, is_process


class OrderTicketSampleLine(models.Model):
    """A ticket that was drawn, and what was found when it was looked at again."""

    _name = "order.ticket.sample.line"
    _description = "Ticket of a Random Inspection"
    _order = "sample_id desc, id"

    sample_id = fields.Many2one(
        "order.ticket.sample", required=True, readonly=True, index=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        "order.ticket",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Empty: it was deleted after its time in the archive.",
    )
    company_id = fields.Many2one(related="sample_id.company_id", store=True, precompute=True)
    category_id = fields.Many2one(related="ticket_id.category_id")
    user_id = fields.Many2one(related="ticket_id.user_id", string="Agent")
    closed_at = fields.Datetime(related="ticket_id.closed_at")
    result = fields.Selection(
        [("passed", "In Order"), ("remarks", "With Remarks"), ("failed", "Not in Order")]
    )
    note = fields.Text(string="Findings")
    checked_by = fields.Many2one("res.users", string="Inspected by", readonly=True)
    checked_at = fields.Datetime(string="Inspected On", readonly=True)

    def write(self, vals):
        if is_process(self.env):
            return super().write(vals)
        if not vals.keys() <= {"result", "note"}:
            raise AccessError(self.env._("Only the result and the findings are entered."))
        result = super().write(vals)
        as_process(self).write({"checked_by": self.env.uid, "checked_at": fields.Datetime.now()})
        self._log_result()
        return result

    @api.constrains("result", "note")
    def _check_findings(self):
        """:raise ValidationError: for a ticket that is not in order, without what is wrong"""
        for line in self:
            if line.result in ("remarks", "failed") and not (line.note or "").strip():
                raise ValidationError(
                    self.env._("%s: write what was found.", line.ticket_id.name or "")
                )

    def _log_result(self):
        """Keep every result on the list, those that were changed too."""
        labels = dict(self._fields["result"]._description_selection(self.env))
        for line in self:
            line.sample_id._message_log(
                body=self.env._(
                    "%(ticket)s: %(result)s. %(note)s",
                    ticket=line.ticket_id.name,
                    result=labels.get(line.result, self.env._("no result")),
                    note=line.note or "",
                )
            )
