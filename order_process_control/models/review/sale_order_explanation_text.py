from odoo import fields, models
from odoo.tools.misc import format_amount, format_datetime


class SaleOrder(models.Model):
    """Why an order is gated, who is next, until when: in words, for the screen."""

    _inherit = "sale.order"

    def _get_explanation_sections(self, facts):
        """Return the explanation to be read: dicts ``title`` and ``lines``, none of them empty.

        :param dict facts: of :meth:`action_explain_gate`
        """
        sections = [
            (self.env._("Status"), self._say_status(facts)),
            (self.env._("Why"), self._say_why(facts)),
            (self.env._("What is Missing"), facts["missing"]),
            (self.env._("Who is Next"), [self._say_next(turn) for turn in facts["next"]]),
            (self.env._("Until When"), self._say_until(facts)),
            (self.env._("What was Let Pass"), self._say_passed(facts)),
        ]
        return [{"title": title, "lines": lines} for title, lines in sections if lines]

    def _say_status(self, facts):
        by_state = {
            "to_submit": self.env._(
                "It has to be reviewed before it is confirmed: request the review."
            ),
            "in_review": self.env._("It can be confirmed when all departments have signed."),
            "approved": self.env._("All departments have signed it as it is: it can be confirmed."),
            "rejected": self.env._(
                "A department rejected it: change it and request the review again."
            ),
            "outdated": self.env._(
                "It is not what was reviewed: request the review of what it is now."
            ),
            "not_required": self.env._(
                "No department has to sign it: it can be confirmed right away."
            ),
        }
        exempted = [self._say_exempted(facts["exempted"])] if facts["exempted"] else []
        if not facts["is_open"]:
            return exempted or [
                self.env._("It is a quotation no more: nothing here holds it back.")
            ]
        if exempted and facts["exempted"]["holds"]:
            return exempted
        if exempted:
            exempted.append(self.env._("It was changed since, so that this holds no more."))
        if facts["has_lapsed"]:
            return [
                *exempted,
                self.env._(
                    "Its approval is too old: request the review again before it is confirmed."
                ),
            ]
        return [*exempted, by_state[facts["state"]]]

    def _say_exempted(self, exempted):
        if not exempted["by"]:
            return exempted["reason"]
        return self.env._(
            "Exempted from review by %(person)s on %(when)s: %(reason)s",
            person=exempted["by"],
            when=self._say_time(exempted["at"]),
            reason=exempted["reason"],
        )

    def _say_why(self, facts):
        lines = [self._say_class(facts["class"])] if facts["class"]["name"] else []
        lines += [self._say_department(department) for department in facts["departments"]]
        if facts["split"]:
            lines.append(self._say_split(facts["split"]))
        return lines

    def _say_department(self, department):
        parts = [department["state_label"], department["who"]]
        line = self.env._(
            "%(department)s (%(state)s)",
            department=department["name"],
            state=", ".join(part for part in parts if part),
        )
        return ": ".join([line, *filter(None, [" ".join(department["reasons"])])])

    def _say_class(self, order_class):
        if order_class["is_manual"] and order_class["by_rule"] != order_class["name"]:
            return self.env._(
                "Its class %(name)s was chosen by hand; by its rules it is %(other)s.",
                name=order_class["name"],
                other=order_class["by_rule"] or self.env._("none"),
            )
        if not order_class["rule"]:
            return self.env._("Its class is %s.", order_class["name"])
        return self.env._(
            "Its class is %(name)s: %(rule)s.",
            name=order_class["by_rule"],
            rule=order_class["rule"],
        )

    def _say_split(self, split):
        # sudo: in which currency the company counts
        currency = self.sudo().company_id.currency_id
        return self.env._(
            "Limits on amounts count together what the customer orders within %(days)s days:"
            " this order %(own)s + %(count)s confirmed before %(others)s = %(total)s%(names)s.",
            days=split["days"],
            own=format_amount(self.env, split["own"], currency),
            count=split["count"],
            others=format_amount(self.env, split["others"], currency),
            total=format_amount(self.env, split["total"], currency),
            names=f" ({', '.join(split['orders'])})" if split["orders"] else "",
        )

    def _say_next(self, turn):
        names = [self._say_person(person) for person in turn["people"]]
        line = self.env._(
            "%(department)s: %(people)s",
            department=turn["department"],
            people=", ".join(names) or self.env._("the next in line"),
        )
        if turn["question"]:
            line += self.env._("; waits for an answer: %s", turn["question"])
        if not turn["is_asked"]:
            line += self.env._("; asked when it is submitted")
        elif turn["since"]:
            line += self.env._("; since %s", self._say_time(turn["since"]))
        if turn["until"]:
            line += self.env._("; until %s", self._say_time(turn["until"]))
        return line

    def _say_person(self, person):
        if person["stands_in_for"]:
            return self.env._(
                "%(person)s (for %(others)s)",
                person=person["name"],
                others=", ".join(person["stands_in_for"]),
            )
        return person["name"]

    def _say_until(self, facts):
        return [self._say_time(facts["until"])] if facts["until"] else []

    def _say_passed(self, facts):
        return facts["accepted"]

    def _say_time(self, text):
        """Return a moment in the reader's zone and language."""
        moment = fields.Datetime.to_datetime(text)
        return format_datetime(self.env, moment, dt_format="short") if moment else ""
