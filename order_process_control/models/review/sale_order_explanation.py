from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..order.amount_window import get_limits, has_limit
from ..order.rule_words import describe_rule, split_rule


def as_text(moment):
    """Return a datetime as JSON carries it, or None."""
    return fields.Datetime.to_string(moment) if moment else None


class SaleOrder(models.Model):
    """Why an order is gated, who is next, until when: the facts."""

    _inherit = "sale.order"

    @api.readonly
    def action_explain_gate(self):
        """Explain for one order why it has to be reviewed or not, and what comes next.

        :return: dict of plain values, times as text in UTC:

            * ``id``, ``name``, ``state`` (of the review), ``state_label`` and ``is_open`` (it is a
              quotation)
            * ``needs_review``: whether the gate holds it back until somebody signs; ``has_lapsed``:
              because the approval is too old
            * ``class``: ``name``, ``is_manual``, ``by_rule`` (the name of what the rules say) and
              ``rule`` (what of it the order meets, in words)
            * ``departments``: in signing order ``name``, ``state`` (of its sign-off, or
              ``not_asked``), ``state_label``, ``who``, ``when`` and ``reasons`` (sentences)
            * ``split``: None, or how small orders were added up: ``days``, ``own``, ``others``,
              ``total`` (company currency), ``currency``, ``count``, ``orders`` (the names that the
              user may read) and ``decides`` (without the others a limit would not be reached)
            * ``missing``: what has to be mended before it can be submitted, sentences
            * ``next``: who acts next: ``department``, ``people`` (``name``, ``right``,
              ``stands_in_for``), ``since``, ``until``, ``question``, ``is_asked``
            * ``since`` and ``until``: of the whole order; ``time_left``: until then, in words
            * ``exempted``: None or ``reason``, ``by``, ``at`` and ``holds`` (for what it is now);
              ``accepted``: sentences on what was let pass
            * ``sections``: all of it to be read: ``title`` and ``lines``
        :raise AccessError: for whoever may not read the order, and for portal users
        :raise UserError: for none or several orders
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one order."))
        self.check_access("read")
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("Only colleagues read how an order is reviewed."))
        # sudo: who reads the order may know why it waits; what they may not read besides (the
        # names of other orders, comments) is asked for with their own rights
        explanation = self.sudo()._get_explanation()
        explanation["sections"] = self._get_explanation_sections(explanation)
        return explanation

    def _get_explanation(self):
        """Return the facts of :meth:`action_explain_gate`, as superuser.

        One statement reads the order's rounds, rules and signers, however many there are.
        """
        rows = self._read_overview(with_rounds=True)
        state = self._get_overview_states(rows).get(self.id, "not_required")
        signers = self._get_overview_signers(rows)
        history, matched = self._get_requirements(rows)
        is_open = self.state in ("draft", "sent")
        rules = self._get_explanation_rules(history[self.id], matched) if is_open else {}
        reasons = rules.get("reasons", {})
        exempted = self._explain_exemption()
        has_lapsed = is_open and state == "approved" and self._has_lapsed_release()
        is_free = state in ("not_required", "approved") and not has_lapsed
        is_free = is_free or bool(exempted and exempted["holds"])
        labels = dict(self._fields["review_state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "state": state,
            "state_label": labels[state],
            "is_open": is_open,
            "needs_review": is_open and not is_free,
            "has_lapsed": has_lapsed,
            "class": self._explain_class(
                rules.get("class", self.class_id), rules.get("class_rules", [])
            ),
            "departments": self._explain_departments(reasons),
            "split": rules.get("split"),
            "missing": self._explain_missing(state) if is_open and not is_free else [],
            "next": self._explain_next(state, signers, {} if is_free else reasons)
            if is_open
            else [],
            "since": self._explain_since(state),
            "until": as_text(self._get_explanation_until()),
            "exempted": exempted,
            "accepted": self._explain_accepted(),
        }

    def _get_explanation_until(self, signoff=None):
        """Return until when the order, or one of its sign-offs, has to be decided: a datetime in
        UTC, or None. The room that runs the clocks knows."""
        return None

    # === WHICH RULES ===#

    def _get_explanation_rules(self, history, matched):
        """Return why which steps apply: ``reasons`` ({step id: sentences}), ``class`` (what the
        rules say) and ``split``.

        :param history: History of the order
        :param matched: rows of ``order.review.step._get_rules_query``
        """
        steps = self.env["order.review.step"]
        configuration = steps._get_configuration()
        by_order = steps._get_steps_by_order(self, {self.id: history}, matched)
        classes, met = steps._apply_rules(self, matched)
        by_rule = classes[self.id]
        applying = by_order[self.id]
        own = [
            step_id
            for step_id in applying._ids
            if self.id in met[step_id]
            and steps._applies_to(configuration[step_id], self, by_rule | self.class_id)
        ]
        rules = {f"step {id_}": configuration[id_]["rule"] for id_ in own}
        class_rules = {f"class {id_}": rule for id_, _company, rule in by_rule._get_rules()}
        own_class = f"class {by_rule.id}"
        if own_class in class_rules:
            rules[own_class] = class_rules[own_class]
        branches = self._get_met_branches(rules)
        reasons = {
            step_id: self._explain_step(
                configuration[step_id], branches.get(f"step {step_id}"), by_rule
            )
            if step_id in own
            else [self.env._("It was asked in an earlier round, so it is asked again.")]
            for step_id in applying._ids
        }
        return {
            "reasons": reasons,
            "class": by_rule,
            "class_rules": branches.get(own_class, []),
            "split": self._explain_split([rule for met in branches.values() for rule in met]),
        }

    def _get_met_branches(self, rules):
        """Return ``{name: alternatives of the rule that this order meets}``, in one query."""
        branches = {
            f"{name} {number}": branch
            for name, rule in rules.items()
            if rule is not None and not rule.is_true()
            for number, branch in enumerate(split_rule(rule))
        }
        matched = self.env["order.review.step"]._match_rules(self, branches) if branches else {}
        met = {}
        for key, branch in branches.items():
            if self.id in matched[key]:
                met.setdefault(key.rpartition(" ")[0], []).append(branch)
        return met

    def _explain_step(self, values, branches, by_rule):
        """Return why a step is meant for this order, in sentences."""
        reasons = []
        names = (by_rule | self.class_id).filtered(lambda c: c.id in values["class_ids"])
        if names:
            reasons.append(
                self.env._("It signs orders of the class %s.", ", ".join(names.mapped("name")))
            )
        if values["rule"] is None:
            reasons.append(
                self.env._("Its condition cannot be read any more, so it signs every order.")
            )
        elif branches:
            reasons.append(self.env._("It signs when %s.", self._describe_rules(branches)))
        return reasons or [self.env._("It signs every order.")]

    def _describe_rules(self, alternatives):
        # Limits on amounts are in the company's currency
        currency = self.company_id.currency_id
        return self.env._(" or ").join(
            describe_rule(self.env, rule, currency=currency) for rule in alternatives
        )

    def _explain_class(self, by_rule, alternatives):
        return {
            "name": self.class_id.name or "",
            "is_manual": self.class_is_manual,
            "by_rule": by_rule.name or "",
            "rule": self._describe_rules(alternatives),
        }

    # === SPLIT ORDERS ===#

    def _explain_split(self, rules):
        """Return what was added up to this order where a limit that it meets counts together what
        a customer orders, or None."""
        days = self.company_id.order_split_days
        rules = [rule for rule in rules if has_limit(rule)]
        if not (rules and days):
            return None
        others = self.search(self._get_split_domain(days))
        if not others:
            return None
        own, added = self._get_company_amounts(self), self._get_company_amounts(others)
        limits = [
            (field, is_above, limit)
            for rule in rules
            for field, is_above, limit in get_limits(rule)
            if is_above(own[field] + added[field], limit)
        ]
        if not limits:
            return None
        name = limits[0][0]
        return {
            "days": days,
            "own": own[name],
            "others": added[name],
            "total": own[name] + added[name],
            "currency": self.company_id.currency_id.name,
            "count": len(others),
            # With the reader's own rights: orders of colleagues are counted, not named
            "orders": others.sudo(False)._filtered_access("read").mapped("name"),
            "decides": any(not is_above(own[field], limit) for field, is_above, limit in limits),
        }

    def _get_split_domain(self, days):
        """Return which confirmed orders count together with this one; see ``amount_window``."""
        return (
            Domain(
                "partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id
            )
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "sale")
            & Domain("date_order", ">=", fields.Datetime.now() - timedelta(days=days))
            & Domain("id", "!=", self.id)
        )

    @api.model
    def _get_company_amounts(self, orders):
        """Return the sums of these orders in the currency of their company, by field."""
        return {
            name: sum(order[name] / (order.currency_rate or 1.0) for order in orders)
            for name in ("amount_total", "amount_untaxed")
        }
