from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from ..order.process_token import as_process, is_process, without_derived


class OrderTicketVisit(models.Model):
    """Somebody of ours goes to the customer (R-367): planned, done, reported, signed.

    What the customer has signed stays as it was signed (R-473, R-475).
    """

    _name = "order.ticket.visit"
    _description = "Visit for a Ticket"
    _order = "start desc, id desc"
    _check_company_auto = True

    ticket_id = fields.Many2one("order.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("onsite", "On-site Service"), ("visit", "Customer Visit")],
        default="onsite",
        required=True,
        help="On-site Service: something is repaired or installed there. Customer Visit: we go to"
        " hear and see how it goes.",
    )
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
    arrived_at = fields.Datetime(string="Arrived On", copy=False)
    left_at = fields.Datetime(string="Left On", copy=False)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        string="Status",
        default="planned",
        required=True,
        copy=False,
    )
    findings = fields.Text(copy=False, help="What was found at the customer's.")
    work_done = fields.Text(copy=False)
    parts_used = fields.Text(
        copy=False,
        help="Which parts stayed there, with their numbers. They leave the stock by a repair or a"
        " delivery of the ticket.",
    )
    result = fields.Selection(
        [("solved", "Solved"), ("partly", "Partly Solved"), ("unsolved", "Not Solved")], copy=False
    )
    customer_opinion = fields.Text(copy=False, help="In the customer's own words.")
    signed_by = fields.Char(string="Customer's Name", copy=False)
    # In the row and not an attachment: attachments can be changed apart from their record
    signature = fields.Binary(string="Customer's Signature", attachment=False, copy=False)
    signed_at = fields.Datetime(string="Signed On", readonly=True, copy=False)

    _stop_after_start = models.Constraint(
        "CHECK(stop IS NULL OR stop >= start)", "A visit ends after it has begun."
    )
    _left_after_arrived = models.Constraint(
        "CHECK(left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at)",
        "Nobody leaves before they have arrived.",
    )

    @api.depends("ticket_id")
    def _compute_partner_id(self):
        for visit in self:
            visit.partner_id = visit.partner_id or visit.ticket_id.partner_id

    @api.depends("ticket_id", "start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for visit in self:
            start = visit.start and format_datetime(self.env, visit.start, dt_format="short")
            visit.display_name = " ".join(filter(None, [visit.ticket_id.name, start]))

    @api.constrains("ticket_id", "state")
    def _check_ticket(self):
        """:raise ValidationError: for a visit that is planned for what has ended"""
        for visit in self:
            if visit.state == "planned" and visit.ticket_id.state in ("closed", "cancelled"):
                raise ValidationError(
                    self.env._("%s has ended: reopen it to plan a visit.", visit.ticket_id.name)
                )

    # === WHO WRITES WHAT ===#

    @api.model
    def _get_process_fields(self):
        """Return the fields that only a signature sets."""
        return {"signed_at"}

    def onchange(self, values, field_names, fields_spec):
        # sudo: what stands here already; nothing is handed out
        ticket_id = values.get("ticket_id")
        if isinstance(ticket_id, int) and ticket_id not in (False, self.sudo().ticket_id.id):
            self.env["order.ticket"].browse(ticket_id).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        return without_derived(self, super().default_get(fields))

    @api.model_create_multi
    def create(self, vals_list):
        blank = dict.fromkeys(self._get_process_fields(), False)
        visits = super().create([{**without_derived(self, vals), **blank} for vals in vals_list])
        signed = visits.filtered("signature")
        if signed:
            signed._on_signed()
        return visits

    def write(self, vals):
        if is_process(self.env):
            return super().write(vals)
        if not self._get_process_fields().isdisjoint(vals):
            raise AccessError(self.env._("When a visit was signed is not entered by hand."))
        self._check_not_signed()
        if "ticket_id" in vals and any(v.ticket_id.id != vals["ticket_id"] for v in self):
            # Another customer would read and sign it
            raise UserError(self.env._("A visit stays on its ticket: enter it there anew."))
        vals = without_derived(self, vals)
        ending = self.filtered(lambda visit: visit.state != "done")
        result = super().write(vals)
        if vals.get("signature"):
            self._on_signed()
        ending._log_if_done()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never_signed(self):
        self._check_not_signed()

    def _check_not_signed(self):
        """:raise UserError: for reports that the customer has signed"""
        signed = self.filtered("signed_at")
        if signed:
            raise UserError(
                self.env._(
                    "The customer has signed %s: it stays as it is. Enter another visit for what"
                    " is to be added.",
                    ", ".join(signed.mapped("display_name")),
                )
            )

    # === ON THE SPOT ===#

    def action_arrive(self):
        """The technician is there."""
        self.filtered(lambda visit: not visit.arrived_at).write(
            {"arrived_at": fields.Datetime.now()}
        )

    def action_finish(self):
        """The technician leaves; the customer can still sign.

        :raise UserError: when it is not written down what came of it
        """
        self._check_reported()
        self.filtered(lambda visit: not visit.left_at).write({"left_at": fields.Datetime.now()})
        self.write({"state": "done"})

    def _check_reported(self):
        """:raise UserError: for a visit without a report"""
        for visit in self:
            if not visit._is_reported():
                raise UserError(
                    self.env._(
                        "%s: write down what was found or done, and the result.",
                        visit.display_name,
                    )
                )

    def _is_reported(self):
        self.ensure_one()
        texts = (self.findings, self.work_done)
        return bool(self.result) and any((text or "").strip() for text in texts)

    def _on_signed(self):
        """:raise UserError: when there is nothing to sign, or nobody's name to the signature"""
        self._check_reported()
        if not all((visit.signed_by or "").strip() for visit in self):
            raise UserError(self.env._("Enter the name of the customer who signs."))
        now = fields.Datetime.now()
        visits = as_process(self)
        visits.filtered(lambda visit: not visit.left_at).write({"left_at": now})
        visits.write({"signed_at": now, "state": "done"})

    def _log_if_done(self):
        """Tell on the ticket what came of the visit."""
        done = self.filtered(lambda visit: visit.state == "done")
        for visit in done:
            visit.ticket_id._message_log(
                body=self.env._(
                    "%(kind)s by %(user)s: %(result)s. %(text)s",
                    kind=dict(visit._fields["kind"]._description_selection(self.env))[visit.kind],
                    user=visit.user_id.name,
                    result=dict(visit._fields["result"]._description_selection(self.env)).get(
                        visit.result, self.env._("no result")
                    ),
                    text=visit.work_done or visit.findings or "",
                )
            )
