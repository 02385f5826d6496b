from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.urgency.order_expedite_confirmation import PARTS, SOURCES, TRANSPORT_MODES

KINDS = [
    *PARTS,
    ("again", "Ask Again"),
    ("told", "Customer Told"),
    ("close", "Close, not Met"),
]


class OrderExpediteAnswer(models.TransientModel):
    """The short form of one step of an emergency shipment; the step itself judges who may."""

    _name = "order.expedite.answer"
    _description = "Step of an Emergency"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    expedite_id = fields.Many2one("order.expedite", required=True, readonly=True)
    situation = fields.Text(compute="_compute_situation")
    goods = fields.Text(string="Goods and Quantities")
    needed_by = fields.Datetime()
    source = fields.Selection(SOURCES, string="Where from")
    ready_at = fields.Datetime(string="Ready On")
    transport_mode = fields.Selection(TRANSPORT_MODES, string="Transport")
    route = fields.Char()
    arrives_at = fields.Datetime(string="Arrives On")
    carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Delivery Method",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one(related="expedite_id.company_id", related_sudo=False)
    supply_choice_ids = fields.Many2many(
        related="expedite_id.supply_choice_ids", related_sudo=False
    )
    supply_department_id = fields.Many2one(
        "hr.department",
        string="Ask Department",
        domain="[('id', 'in', supply_choice_ids)]",
    )
    note = fields.Text()

    @api.depends("kind", "expedite_id")
    def _compute_situation(self):
        """Return what this step has to go by: the request and what was said before."""
        for wizard in self:
            # Whatever the client wrote into the form: only what the user may read
            expedite = wizard.expedite_id._filtered_access("read")
            if not expedite:
                wizard.situation = False
                continue
            # sudo: who answers the emergency knows what was said of it
            said = expedite.sudo().confirmation_ids.filtered(
                lambda row: row.state in ("confirmed", "declined")
            )
            wizard.situation = "\n".join(
                [expedite.sudo()._get_emergency_sentence(), *said.mapped("result")]
            )

    @api.model
    def _open(self, kind, expedite):
        """Return the action that asks for what step ``kind`` has to know."""
        vals = {"kind": kind, "expedite_id": expedite.id, "needed_by": expedite.needed_by}
        if kind == "need":
            vals["goods"] = expedite._prepare_goods_text()
        elif kind == "shipment":
            # sudo: a suggestion for logistics, who need not read the order
            vals["carrier_id"] = expedite.sudo().order_id.carrier_id.id
        elif kind == "again":
            vals["supply_department_id"] = expedite.supply_department_id.id
        title = dict(self._fields["kind"]._description_selection(self.env))[kind]
        return self.create(vals)._get_records_action(name=title, target="new")

    def action_confirm(self):
        """Carry out the step with what was entered."""
        if len(self.ids) != 1:
            raise UserError(self.env._("Begin again with the button of the expedite."))
        getattr(self, f"_run_{self.kind}")()
        return {"type": "ir.actions.act_window_close"}

    def action_decline(self):
        """Say that it cannot be met; the note is the reason."""
        if len(self.ids) != 1:
            raise UserError(self.env._("Begin again with the button of the expedite."))
        self.expedite_id.action_decline_emergency(self.note)
        return {"type": "ir.actions.act_window_close"}

    def _run_need(self):
        self.expedite_id.action_confirm_need(self.goods, self.needed_by, self.note)

    def _run_supply(self):
        self.expedite_id.action_confirm_supply(self.source, self.ready_at, self.note)

    def _run_shipment(self):
        self.expedite_id.action_confirm_shipment(
            self.transport_mode, self.route, self.arrives_at, self.carrier_id.id, self.note
        )

    def _run_again(self):
        self.expedite_id.action_ask_again(self.supply_department_id.id, self.needed_by)

    def _run_told(self):
        self.expedite_id.action_note_customer_told(self.note)

    def _run_close(self):
        self.expedite_id.action_close_not_met(self.note)


class OrderExpedite(models.Model):
    _inherit = "order.expedite"

    def action_open_confirmation(self):
        """Open the form of the part that is to be confirmed now."""
        return self._open_step(False)

    def action_open_ask_again(self):
        """Ask of which department, and by when."""
        return self._open_step("again")

    def action_open_customer_told(self):
        """Ask who was told what."""
        return self._open_step("told")

    def action_open_close(self):
        """Ask for the remedial measure."""
        return self._open_step("close")

    def _open_step(self, kind):
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one expedite."))
        self.check_access("read")
        kind = kind or self.emergency_state
        if kind not in dict(KINDS):
            raise UserError(self.env._("There is nothing to confirm now. Reload the page."))
        return self.env["order.expedite.answer"]._open(kind, self)
