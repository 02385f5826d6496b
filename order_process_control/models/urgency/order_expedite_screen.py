from datetime import timedelta

from odoo import api, fields, models

from .order_expedite import KEPT

# Who asked for so many within the days is worth a word
FREQUENT_DAYS = 90
FREQUENT = 4


class OrderExpedite(models.Model):
    """What the screens show of an expedite."""

    _inherit = "order.expedite"

    timeline = fields.Json(compute="_compute_timeline")
    has_shipped = fields.Boolean(compute="_compute_kept")
    kept = fields.Selection(
        KEPT,
        compute="_compute_kept",
        help="Whether all of the order left by the expected completion.",
    )
    recent_count = fields.Integer(
        string="Requests in 90 Days",
        compute="_compute_recent_count",
        help="How many expedites this person has requested in the 90 days before.",
    )
    is_frequent = fields.Boolean(compute="_compute_recent_count")

    def _prepare_review_strip(self, rounds):
        # An emergency that goes its way has no round, and needs no empty strip
        return bool(rounds) and super()._prepare_review_strip(rounds)

    @api.depends("impact_ids", "scenarios", "scenario", "state")
    @api.depends_context("lang")
    def _compute_timeline(self):
        """Before, after and promised day of everybody, for one picture."""
        for expedite in self:
            # sudo: who reads the expedite sees its price
            own = expedite.sudo()
            scenario = own._get_scenario(own.scenario)
            expedite.timeline = bool(scenario) and {
                "now": fields.Datetime.to_string(own.applied_at or own.simulated_at),
                "own": {
                    "name": own.order_id.name,
                    "partner": own.partner_id.display_name or "",
                    "needed": fields.Datetime.to_string(own.needed_by),
                    "before": scenario["turn"],
                    "after": scenario["completion"],
                },
                "rows": [
                    {
                        "id": impact.id,
                        "name": impact.order_id.name or impact.picking_id.name or "",
                        "partner": impact.partner_id.display_name or "",
                        "what": impact._get_words(),
                        "promised": fields.Datetime.to_string(impact.promised_date),
                        "before": fields.Datetime.to_string(impact.date_before) or False,
                        "after": fields.Datetime.to_string(impact.date_after) or False,
                        "days": impact.shift_days,
                        "delay": impact.delay_days,
                        "late": impact.is_late,
                    }
                    for impact in own.impact_ids
                ],
            }

    @api.depends("state", "expected_completion")
    def _compute_kept(self):
        for expedite in self:
            # sudo: deliveries of the order, which its reader need not read
            own = expedite.sudo()
            pickings = own.order_id.picking_ids.filtered(
                lambda p: p.picking_type_id.code == "outgoing" and p.state != "cancel"
            )
            done = pickings.filtered(lambda p: p.state == "done")
            expedite.has_shipped = bool(own.applied_at) and any(
                moment and moment >= own.applied_at for moment in done.mapped("date_done")
            )
            expedite.kept = own.state == "applied" and own._judge(
                own.expected_completion, pickings, done
            )

    @api.model
    def _judge(self, due, pickings, done):
        """Return whether all ``pickings`` were done by a day: open, kept or missed."""
        if not due or not pickings:
            return "open"
        if pickings == done:
            last = max(done.mapped("date_done"))
            return "kept" if last.date() <= due.date() else "missed"
        return "missed" if due.date() < fields.Date.today() else "open"

    @api.depends("requested_by", "requested_at")
    def _compute_recent_count(self):
        people = self.requested_by
        # sudo: how many there are, whoever may read which; one query for the whole list
        rows = self.sudo().search_fetch(
            [("requested_by", "in", people.ids), ("requested_at", "!=", False)],
            ["requested_by", "requested_at"],
        )
        moments = {
            user: own.mapped("requested_at") for user, own in rows.grouped("requested_by").items()
        }
        for expedite in self:
            until = expedite.requested_at or fields.Datetime.now()
            since = until - timedelta(days=FREQUENT_DAYS)
            expedite.recent_count = sum(
                since < moment <= until for moment in moments.get(expedite.requested_by.sudo(), ())
            )
            expedite.is_frequent = expedite.recent_count >= FREQUENT

    @api.readonly
    def action_view_order(self):
        """Return the action that shows the orders of these expedites."""
        return self.order_id._get_records_action(name=self.env._("Order"))

    @api.readonly
    def action_view_harmed(self):
        """Return the action that shows the orders that are overtaken, as far as one reads them."""
        orders = self.impact_ids.order_id._filtered_access("read")
        return orders._get_records_action(name=self.env._("Overtaken Orders"))


class OrderExpediteImpact(models.Model):
    _inherit = "order.expedite.impact"

    kept = fields.Selection(
        KEPT,
        string="Promise",
        compute="_compute_kept",
        help="Whether the harmed delivery left by its promised date after all.",
    )

    effect = fields.Char(compute="_compute_effect")

    @api.depends("date_after", "delay_days", "shift_days", "is_late")
    @api.depends_context("lang")
    def _compute_effect(self):
        for impact in self:
            if not impact.date_after:
                impact.effect = self.env._("No receipt planned")
            elif impact.is_late:
                impact.effect = self.env._("%s days late", impact.delay_days)
            else:
                impact.effect = self.env._("In time, %s days later", impact.shift_days)

    def _compute_kept(self):
        for impact in self:
            # sudo: the delivery, which a reader of the expedite need not read
            own = impact.sudo()
            picking = own.picking_id
            done = picking.filtered(lambda p: p.state == "done")
            impact.kept = own.expedite_id.state == "applied" and own.expedite_id._judge(
                own.promised_date, picking, done
            )
