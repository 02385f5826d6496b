from odoo import fields, models
from odoo.tools import formatLang


class OrderExpedite(models.Model):
    """What is signed of an expedite: in ids and figures, and in the words of its signers."""

    _inherit = "order.expedite"

    def _prepare_content(self):
        """Return what is signed, in ids and figures: the way, what is taken, who is late."""
        self.ensure_one()
        scenario = self._get_scenario(self.scenario)
        facts = {
            "expedite": self.id,
            "order": self.order_id.id,
            "scenario": self.scenario,
            "takes": sorted(scenario["takes"], key=lambda take: [id_ or 0 for id_ in take]),
            "impacts": sorted(
                [i["move_id"], i["order_id"] or 0, i["delay_days"], i["is_late"]]
                for i in scenario["impacts"]
            ),
            "completion": (scenario["completion"] or "")[:10],
        }
        return {"expedite": {"order": facts, "lines": {}}}

    def _prepare_words(self):
        """Return the same in words, as it is kept with the round."""
        self.ensure_one()
        scenario = self._get_scenario(self.scenario)
        names = ("label", "why", "completion", "late", "harmed", "delay_days", "late_amount")
        return {
            "name": self.name,
            "reason": self.reason,
            "needed_by": fields.Datetime.to_string(self.needed_by),
            **{name: scenario[name] for name in names},
        }

    def _get_payload(self):
        self.ensure_one()
        return {
            "expedite": self.id,
            "review": self.review_id.id,
            "scenario": self.scenario,
            "late": self.late_count,
            "days": self.delay_days,
        }

    def _get_request_sentence(self):
        """Return way, day and reason as a signer reads them."""
        self.ensure_one()
        scenario = self._get_scenario(self.scenario) or {}
        return self.env._(
            "%(way)s, needed by %(day)s: %(reason)s\n%(why)s",
            way=dict(self._fields["scenario"]._description_selection(self.env)).get(
                self.scenario, ""
            ),
            day=self._format_day(self.needed_by),
            reason=self.reason or "",
            why=scenario.get("why", ""),
        )

    def _get_impact_rows(self):
        """Return the impact as rows of a comparison; see :func:`snapshot.get_diff`."""
        self.ensure_one()
        return [
            {
                "aspect": "expedite",
                "where": ", ".join(
                    filter(None, [impact.order_id.name, impact.partner_id.display_name])
                )
                or impact.picking_id.name
                or "",
                "label": impact._get_words(),
                "before": self._format_day(impact.date_before) if impact.date_before else "-",
                "after": self._format_day(impact.date_after)
                if impact.date_after
                else self.env._("no receipt planned"),
            }
            for impact in self.impact_ids
        ]


class OrderExpediteImpact(models.Model):
    _inherit = "order.expedite.impact"

    def _get_words(self):
        """Return what this delivery loses, in a few words."""
        self.ensure_one()
        product = self.product_id.display_name
        if not self.quantity:
            return self.env._("%s: waits longer", product)
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s taken away",
            product=product,
            quantity=formatLang(self.env, self.quantity, dp="Product Unit"),
            unit=self.uom_id.name,
        )
