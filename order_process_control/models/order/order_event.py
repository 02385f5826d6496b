import hashlib
import json

from odoo import api, fields, models


class OrderEvent(models.Model):
    """One entry of an order's ledger: who did what when, chained to the entry before it."""

    _name = "order.event"
    _description = "Order Ledger Entry"
    _inherit = "order.kept.mixin"
    _order = "ledger_id, number"
    _rec_name = "number"

    ledger_id = fields.Many2one("order.ledger", required=True, readonly=True, ondelete="restrict")
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    number = fields.Integer(readonly=True, required=True)
    kind = fields.Selection(
        [("registered", "Registered"), ("migrated", "Ledger Opened by an Upgrade")],
        readonly=True,
        required=True,
    )
    user_id = fields.Many2one("res.users", readonly=True, required=True, ondelete="restrict")
    at = fields.Datetime(string="When", readonly=True, required=True)
    payload = fields.Json(readonly=True, help="Ids and figures, no personal text.")
    detail = fields.Char(compute="_compute_detail", help="What the entry is about, in words.")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(readonly=True, required=True)

    _chain_number_uniq = models.UniqueIndex(
        "(ledger_id, number)", "This entry of the ledger exists already."
    )

    @api.depends("payload")
    @api.depends_context("lang")
    def _compute_detail(self):
        self.detail = False

    def _get_facts(self):
        """Return what the hash of this entry is computed from."""
        self.ensure_one()
        return {
            "ledger_id": self.ledger_id.id,
            "number": self.number,
            "kind": self.kind,
            "user_id": self.user_id.id,
            "at": self.at,
            # An empty payload is no value in the database
            "payload": self.payload or {},
        }


def chain_hash(previous_hash, facts):
    """Return the hash of an entry: SHA-256 of the hash before it and its facts as JSON."""
    text = json.dumps(
        {**facts, "at": fields.Datetime.to_string(facts["at"])},
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous_hash or ''}{text}".encode()).hexdigest()
