from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OrderTicketVisit(models.Model):
    """Somebody of ours goes to the customer (R-367): planned, done, reported, signed."""

    _name = "order.ticket.visit"
    _description = "Visit for a Ticket"
    _order = "start desc, id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one("order.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Place",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Technician",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(string="End")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        string="Status",
        default="planned",
        required=True,
        copy=False,
    )
    findings = fields.Text(help="What was found at the customer's.")
    work_done = fields.Text()
    signed_by = fields.Char(string="Customer's Name", copy=False)
    signature = fields.Binary(string="Customer's Signature", attachment=True, copy=False)
    signed_at = fields.Datetime(string="Signed On", copy=False)

    _stop_after_start = models.Constraint(
        "CHECK(stop IS NULL OR stop >= start)", "A visit ends after it has begun."
    )

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for visit in self:
            visit.partner_id = visit.partner_id or visit.ticket_id.partner_id

    @api.depends("ticket_id", "start")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.ticket_id.name or ''} {visit.start or ''}".strip()

    @api.constrains("ticket_id", "state")
    def _check_ticket(self):
        """:raise ValidationError: for a visit that is planned for what has ended"""
        for visit in self:
            if visit.state == "planned" and visit.ticket_id.state in ("closed", "cancelled"):
                raise ValidationError(
                    self.env._("%s has ended: reopen it to plan a visit.", visit.ticket_id.name)
                )
