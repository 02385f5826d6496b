from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..order.kept_rows import insert_rows
from ..order.process_token import as_process
from .stock_queue import choose_takes, evaluate
from .stock_world import EPSILON, read_world

# What an expedite shows of those who stay as they are, beside how many they are
UNAFFECTED_SHOWN = 20


class OrderExpedite(models.Model):
    """What each way would do, before anybody decides: nothing is written but that result."""

    _inherit = "order.expedite"

    def action_simulate(self):
        """Reckon what each way does to the order and to all others, and mark the best one.

        No move, reservation or date is touched: only what these drafts say about them.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: for what is no draft, or an order that waits for nothing from stock
        """
        self._check_may_act()
        self._check_draft()
        for expedite in self:
            # sudo: the stock as a whole; who may request sees what it does to others
            expedite.sudo()._simulate()
        return True

    def action_choose_scenario(self, scenario):
        """Choose another way than the recommended one.

        :param str scenario: take, split or wait
        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when it is no draft, or this way was not simulated
        """
        self._check_may_act()
        self._check_draft()
        for expedite in self:
            # sudo: process fields and the rows of the impact
            expedite.sudo()._choose_scenario(scenario)
        self._note_editor()
        return True

    def _check_draft(self):
        fixed = self.filtered(lambda expedite: expedite.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s was submitted: what was asked for does not change any more. Cancel it and"
                    " request another expedite.",
                    ", ".join(fixed.mapped("name")),
                )
            )

    def _simulate(self):
        """Write what each way does (as superuser)."""
        self.ensure_one()
        now = fields.Datetime.now()
        self._check_order()
        world = read_world(self.order_id, now)
        if not world.pools:
            raise UserError(
                self.env._(
                    "%s takes nothing from stock that it waits for: everything has left, or is"
                    " bought or made for it alone. Hurry that purchase or production instead.",
                    self.order_id.name,
                )
            )
        scenarios = self._prepare_scenarios(world)
        chosen = self.scenario if self.scenario in [s["code"] for s in scenarios] else False
        recommended = next(s["code"] for s in scenarios if s["recommended"])
        as_process(self).write({"scenarios": scenarios, "simulated_at": now})
        self._choose_scenario(chosen or recommended)

    def _check_order(self):
        """:raise UserError: when the order is not confirmed any more"""
        # sudo: the state of the order, whoever goes on with the expedite
        order = self.sudo().order_id
        if order.state != "sale":
            raise UserError(self.env._("%s is not confirmed any more.", order.name))

    def _choose_scenario(self, code):
        """Let the impact be that of one way that was simulated (as superuser)."""
        self.ensure_one()
        scenario = self._get_scenario(code)
        if not scenario:
            raise UserError(
                self.env._("%s: simulate first, then choose one of the ways shown.", self.name)
            )
        as_process(self).write(
            {
                "scenario": code,
                "expected_completion": _to_datetime(scenario["completion"]),
                "harmed_count": scenario["harmed"],
                "late_count": scenario["late"],
                "delay_days": scenario["delay_days"],
            }
        )
        self._replace_impacts(scenario["impacts"])

    def _get_scenario(self, code):
        """Return what was simulated for one way, or None."""
        self.ensure_one()
        return next((s for s in self.scenarios or () if s["code"] == code), None)

    def _replace_impacts(self, impacts):
        rows = self.env["order.expedite.impact"]
        self.impact_ids.unlink()
        insert_rows(
            rows,
            [
                {
                    **impact,
                    **{name: _to_datetime(impact[name]) for name in _IMPACT_DATES},
                    "expedite_id": self.id,
                    "company_id": self.company_id.id,
                }
                for impact in impacts
            ],
        )
        self.invalidate_recordset(["impact_ids"], flush=False)

    # === THE WAYS ===#

    def _prepare_scenarios(self, world):
        """Return the ways there are, the recommended one first, as plain values.

        Each: code, label, completion, how much leaves now, what it does to others, the takes that
        are approved with it, and why it is recommended or not.
        """
        turn = evaluate(world, goes_first=False)
        first = evaluate(world)
        outcomes = {"take": evaluate(world, choose_takes(world))}
        ready = sum(there for there, _when in first.own.values())
        if any(when != world.now for _there, when in first.own.values()):
            if ready > EPSILON:
                outcomes["split"] = first
            outcomes["wait"] = first
        if len(outcomes) > 1 and not outcomes["take"].takes:
            # There is nothing to take
            del outcomes["take"]
        products = self._get_product_names(world)
        scenarios = [
            self._prepare_scenario(world, code, outcome, products)
            for code, outcome in outcomes.items()
        ]
        scenarios.sort(key=self._get_scenario_rank)
        for scenario in scenarios:
            scenario["recommended"] = scenario is scenarios[0]
            scenario["why"] = self._get_why(scenario, scenarios[0], turn.completion)
            scenario["turn"] = fields.Datetime.to_string(turn.completion) or False
        return scenarios

    def _get_product_names(self, world):
        products = self.env["product.product"].browse({p.product_id for p in world.pools})
        return {product.id: (product.display_name, product.uom_id.name) for product in products}

    def _get_scenario_rank(self, scenario):
        """Return what is better the smaller it is: in time first, then the price for others."""
        order = ["split", "wait", "take"].index(scenario["code"])
        price = scenario["unknown"], scenario["delay_days"], scenario["late"], scenario["harmed"]
        completion = scenario["completion"] or "9999"
        if scenario["meets"]:
            return 0, *price, completion, order
        return 1, completion, *price, order

    def _prepare_scenario(self, world, code, outcome, products):
        needed = sum(demand.quantity for demand in world.own)
        ready = sum(there for there, _when in outcome.own.values())
        late = {i.demand.order_id: i.demand.amount for i in outcome.impacts if i.is_late}
        completion = outcome.completion
        orders = self.env["sale.order"].browse(sorted(outcome.unaffected)[:UNAFFECTED_SHOWN])
        return {
            "code": code,
            "label": dict(self._fields["scenario"]._description_selection(self.env))[code],
            "completion": fields.Datetime.to_string(completion) or False,
            "meets": bool(completion) and completion <= max(self.needed_by, world.now),
            "now_percent": round(100 * ready / needed) if needed and code != "wait" else 0,
            "harmed": len({i.demand.order_id for i in outcome.impacts}),
            "late": len(late),
            "late_amount": sum(late.values()),
            "unknown": len([i for i in outcome.impacts if i.after is None]),
            "delay_days": sum(i.delay_days for i in outcome.impacts),
            "unaffected": len(outcome.unaffected),
            "unaffected_names": orders.mapped("name"),
            "takes": [list(take) for take in outcome.takes],
            "impacts": [self._prepare_impact_vals(impact) for impact in outcome.impacts],
            "lines": [
                self._prepare_line(pool, demand, *outcome.own[demand.move_id], products)
                for pool in world.pools
                for demand in pool.own
            ],
        }

    def _prepare_line(self, pool, demand, ready, when, products):
        name, unit = products[pool.product_id]
        return {
            "move": demand.move_id,
            "product": name,
            "uom": unit,
            "needed": demand.quantity,
            "reserved": demand.reserved,
            "now": ready,
            "date": fields.Datetime.to_string(when) or False,
        }

    def _prepare_impact_vals(self, impact):
        """Return the values of ``order.expedite.impact``, dates as text."""
        demand = impact.demand
        return {
            "order_id": demand.order_id,
            "partner_id": demand.partner_id,
            "user_id": demand.user_id,
            "amount": float(demand.amount or 0.0),
            "product_id": demand.product_id,
            "picking_id": demand.picking_id,
            "move_id": demand.move_id,
            "quantity": impact.taken,
            "promised_date": fields.Datetime.to_string(demand.promised),
            "date_before": fields.Datetime.to_string(impact.before) or False,
            "date_after": fields.Datetime.to_string(impact.after) or False,
            "shift_days": impact.shift_days,
            "delay_days": impact.delay_days,
            "is_late": impact.is_late,
        }

    # === WHY ===#

    def _get_why(self, scenario, best, turn):
        """Return in a sentence what speaks for this way, or against it."""
        parts = [self._get_time_words(scenario, turn), self._get_price_words(scenario)]
        if scenario is best:
            return self.env._("Recommended. %(time)s %(price)s", time=parts[0], price=parts[1])
        return " ".join(parts)

    def _get_time_words(self, scenario, turn):
        day = self._format_day(_to_datetime(scenario["completion"]))
        if not scenario["completion"]:
            return self.env._("No receipt is planned that would complete the order.")
        if scenario["meets"]:
            return self.env._("Complete on %(day)s, in time.", day=day)
        if turn and _to_datetime(scenario["completion"]) >= turn:
            return self.env._(
                "Complete on %(day)s, too late and no sooner than without it.", day=day
            )
        return self.env._("Complete on %(day)s, sooner but after the day needed.", day=day)

    def _get_price_words(self, scenario):
        if not scenario["harmed"]:
            return self.env._("Nobody else is delayed.")
        if not scenario["late"]:
            return self.env._(
                "Orders that leave later: %s, all of them as promised.", scenario["harmed"]
            )
        if scenario["unknown"]:
            return self.env._(
                "Orders that become late: %(late)s; for some no receipt is planned.",
                late=scenario["late"],
            )
        return self.env._(
            "Orders that become late: %(late)s, by %(days)s days together.",
            late=scenario["late"],
            days=scenario["delay_days"],
        )

    def _format_day(self, moment):
        """Return a moment as its day where the reader is."""
        if not moment:
            return ""
        day = fields.Datetime.context_timestamp(self, moment).date()
        return format_date(self.env, day, date_format="medium")


_IMPACT_DATES = ("promised_date", "date_before", "date_after")


def _to_datetime(text):
    return fields.Datetime.to_datetime(text) if text else False
