from collections import defaultdict

from odoo import fields, models

from .stock_queue import evaluate, find_losses
from .stock_world import EPSILON


class OrderExpedite(models.Model):
    """Whether the world is still what was approved, or worse: and the difference in words."""

    _inherit = "order.expedite"

    def _compare_world(self, world):
        """Return in sentences what is worse in ``world`` than what is approved or to be signed."""
        self.ensure_one()
        takes = self._get_takes()
        problems = self._get_lost_words(world, takes)
        if problems:
            return problems
        approved = self._get_scenario(self.scenario)
        outcome = evaluate(world, takes)
        return [
            *self._get_later_words(approved["impacts"], outcome.impacts),
            *self._get_completion_words(approved["completion"], outcome.completion),
        ]

    def _get_lost_words(self, world, takes):
        moves = self.env["stock.move"]
        missing = {demand.move_id: demand.missing for demand in world.own}
        wanted = defaultdict(float)
        for take in takes:
            wanted[take.to_move_id] += take.quantity
        words = []
        for take, quantity in find_losses(world, takes):
            move = moves.browse(take.move_id).exists()
            words.append(
                self.env._(
                    "%(order)s: %(there)g of %(quantity)g %(product)s can still be taken from"
                    " %(picking)s (%(state)s).",
                    order=move.sale_line_id.order_id.name or "-",
                    there=quantity,
                    quantity=take.quantity,
                    product=move.product_id.display_name or "-",
                    picking=move.picking_id.name or "-",
                    state=self._get_move_state(move),
                )
            )
        for move_id, quantity in wanted.items():
            if quantity > missing.get(move_id, 0.0) + EPSILON:
                words.append(
                    self.env._(
                        "%(order)s needs only %(needed)g %(product)s more, not %(quantity)g.",
                        order=self.order_id.name,
                        needed=missing.get(move_id, 0.0),
                        product=moves.browse(move_id).exists().product_id.display_name or "-",
                        quantity=quantity,
                    )
                )
        return words

    def _get_move_state(self, move):
        if not move:
            return self.env._("it is gone")
        states = dict(move._fields["state"]._description_selection(self.env))
        is_begun = move.picked and move.state != "done"
        return self.env._("being prepared") if is_begun else states[move.state]

    def _get_later_words(self, approved, impacts):
        """Return who would be later than what was approved, a sentence an order.

        :param list approved: of :meth:`_prepare_impact_vals`
        """
        agreed, now = {}, {}
        for vals in approved:
            key = vals["order_id"] or f"move {vals['move_id']}"
            row = not vals["date_after"], vals["is_late"], vals["delay_days"]
            agreed[key] = max(agreed.get(key, row), row)
        for impact in impacts:
            key = impact.demand.order_id or f"move {impact.demand.move_id}"
            row = impact.after is None, impact.is_late, impact.delay_days
            now[key] = max(now.get(key, row), row)
        words = []
        for key, (is_open, is_late, days) in now.items():
            was_open, was_late, was_days = agreed.get(key, (False, False, 0))
            if not is_late or ((is_open, days) <= (was_open, was_days) and was_late):
                continue
            name = isinstance(key, int) and self.env["sale.order"].browse(key).name
            words.append(
                self.env._("%s would wait for goods that nobody has ordered.", name or key)
                if is_open
                else self.env._(
                    "%(order)s would be late by %(days)s days, %(was)s were approved.",
                    order=name or key,
                    days=days,
                    was=was_days,
                )
            )
        return words

    def _get_completion_words(self, approved, completion):
        approved = fields.Datetime.to_datetime(approved or False)
        if completion is None:
            is_worse = bool(approved)
        else:
            is_worse = bool(approved) and completion.date() > max(
                approved.date(), fields.Date.today()
            )
        if not is_worse:
            return []
        return [
            self.env._(
                "%(order)s would be complete on %(now)s instead of %(approved)s.",
                order=self.order_id.name,
                now=self._format_day(completion) if completion else self.env._("an unknown day"),
                approved=self._format_day(approved),
            )
        ]
