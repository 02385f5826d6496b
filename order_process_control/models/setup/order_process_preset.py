import ast
from collections import Counter
from dataclasses import dataclass, field

from odoo import api, models
from odoo.fields import Command, Domain

from .presets import PRESETS


@dataclass
class Choice:
    """What the wizard's user decided for one step of a preset."""

    department: object = None
    reviewers: object = None


@dataclass
class Plan:
    """A preset with the limits and choices that it is set up with."""

    company: object
    preset: object
    # {name of a limit: amount in the company's currency}
    limits: dict
    # {key of a step that is wanted: Choice}
    choices: dict = field(default_factory=dict)

    @property
    def steps(self):
        return [step for step in self.preset.steps if step.key in self.choices]

    def get_domain(self, rule):
        return Domain(ast.literal_eval(rule.domain.format(**self.limits)))

    def get_key(self, part):
        return f"{self.preset.code}.{part.key}"


class OrderProcessPreset(models.AbstractModel):
    """Sets the process up from presets and tells beforehand what that would mean (R-080, R-090).

    Another addon adds a preset by extending :meth:`_get_presets`.
    """

    _name = "order.process.preset"
    _description = "Presets of the Order Process"

    @api.model
    def _get_presets(self):
        """Return ``{code: Preset}``."""
        return {preset.code: preset for preset in PRESETS}

    # === WHAT IT WOULD MEAN ===#

    @api.model
    def _preview(self, plan, orders):
        """Tell which of ``orders`` would have needed which step and why, from the rules alone:
        nothing is created or switched on. A constant number of queries.

        Limits on amounts count the customer's orders of the last days from today, as always.

        :return: ``{step key: {order id: [reasons, in words]}}``
        """
        # sudo: class and company of the orders, whatever the manager sees in Sales
        orders = orders.sudo()
        classes = self._preview_classes(plan, orders)
        rules = {
            f"{step.key} {index}": plan.get_domain(rule)
            for step in plan.steps
            for index, rule in enumerate(step.rules)
        }
        matched = self.env["order.review.step"]._match_rules(orders, rules)
        return {
            step.key: {
                order.id: reasons
                for order in orders
                if (reasons := self._get_reasons(step, order, classes[order.id], matched))
            }
            for step in plan.steps
        }

    @api.model
    def _get_reasons(self, step, order, classes, matched):
        """Return why an order needs a step, or an empty list."""
        reasons = []
        if step.classes:
            reasons = [name for key, name in classes.items() if key in step.classes]
            if not reasons:
                return []
        if step.rules:
            return [
                self.env._(rule.label)
                for index, rule in enumerate(step.rules)
                if order.id in matched[f"{step.key} {index}"]
            ]
        return reasons or [self.env._("every order")]

    @api.model
    def _preview_classes(self, plan, orders):
        """Return ``{order id: {key: name}}`` of the classes that orders would have: the first
        whose rule matches, and the one that they have now."""
        entries = self._get_class_entries(plan)
        rules = {key: rule for _sequence, _id, key, _name, _company_id, rule in entries}
        matched = self.env["order.class"]._match_rules(orders, rules)
        known = {class_id: (key, name) for _seq, class_id, key, name, *_rest in entries if class_id}
        result = {}
        for order in orders:
            fitting = [
                (key, name)
                for _sequence, _id, key, name, company_id, _rule in entries
                if order.id in matched[key] and company_id in (False, order.company_id.id)
            ]
            now = known.get(order.class_id.id)
            result[order.id] = dict([*fitting[:1], *([now] if now else [])])
        return result

    @api.model
    def _get_class_entries(self, plan):
        """Return (sequence, id or 0, key, name, company id, rule) of the classes as they will be.

        Classes of the addon's data go by their external id, for example ``special``.
        """
        data_keys = {class_.id: key for key, class_ in self._get_data_classes(plan).items()}
        planned = self._get_planned_classes(plan)
        entries = []
        for part in plan.preset.classes:
            class_, rule = planned[part.key], plan.get_domain(part.rule)
            sequence, name = class_.sequence or part.sequence, class_.name or self.env._(part.name)
            entries.append((sequence, class_.id or 0, part.key, name, plan.company.id, rule))
        # sudo: rules are configuration that judges orders, whoever looks
        classes = self.env["order.class"].sudo().search([("match_domain", "!=", False)])
        set_up = {class_.id for class_ in self._get_existing("order.class", plan).values()}
        set_up |= {class_.id for class_ in planned.values()}
        for class_ in classes.filtered(lambda c: c.id not in set_up):
            key = data_keys.get(class_.id, f"class {class_.id}")
            rule, company_id = class_._get_rule_or_none(), class_.company_id.id
            entries.append((class_.sequence, class_.id, key, class_.name, company_id, rule))
        return sorted(entries, key=lambda entry: entry[:2])

    @api.model
    def _get_planned_classes(self, plan):
        """Return ``{key: class}`` of the classes that the preset brings, empty where it has to be
        created: what was set up before, else the company's own class of that name."""
        existing = self._get_existing("order.class", plan)
        own = self.env["order.class"].search(
            [("company_id", "=", plan.company.id), ("setup_key", "=", False)]
        )
        result = {}
        for part in plan.preset.classes:
            names = {part.name._translate("en_US").casefold(), self.env._(part.name).casefold()}
            same = own.filtered(lambda c, names=names: (c.name or "").casefold() in names)
            result[part.key] = existing.get(plan.get_key(part)) or same[:1]
        return result

    @api.model
    def _get_data_classes(self, plan):
        """Return ``{key: class}`` of the classes that steps name and the preset does not bring."""
        own = {part.key for part in plan.preset.classes}
        keys = {key for step in plan.preset.steps for key in step.classes} - own
        classes = {
            key: self.env.ref(f"order_process_control.order_class_{key}", raise_if_not_found=False)
            for key in keys
        }
        return {key: class_ for key, class_ in classes.items() if class_ and class_.active}

    @api.model
    def _count_reasons(self, found):
        """Return in words how often which reason holds, the most frequent first.

        :param dict found: ``{order id: [reasons]}``
        """
        counted = Counter(reason for reasons in found.values() for reason in reasons)
        return ", ".join(f"{reason}: {number}" for reason, number in counted.most_common())

    # === SETTING UP ===#

    @api.model
    def _apply(self, plan):
        """Create or update the classes, steps and criteria of a plan, and archive those of other
        presets. What was changed by hand beside departments, signers and limits stays.

        :return: the steps
        """
        classes = self._apply_classes(plan)
        existing = self._get_existing("order.review.step", plan)
        steps = self.env["order.review.step"]
        for step in plan.steps:
            record = existing.get(plan.get_key(step), steps.browse())
            steps |= self._apply_step(plan, step, record, classes)
        steps.browse(
            record.id for record in existing.values() if record not in steps
        ).action_archive()
        return steps

    @api.model
    def _get_existing(self, model, plan):
        """Return ``{setup key: record}`` of what was set up in the company, archived or not."""
        records = self.env[model].with_context(active_test=False)
        found = records.search(
            [("setup_key", "!=", False), ("company_id", "=", plan.company.id)]
        ).with_context(active_test=True)
        return {record.setup_key: record for record in found}

    @api.model
    def _apply_classes(self, plan):
        """Return ``{key: class}`` of all classes that steps may name."""
        existing, result = self._get_existing("order.class", plan), self._get_data_classes(plan)
        planned = self._get_planned_classes(plan)
        for part in plan.preset.classes:
            existing.pop(plan.get_key(part), None)
            record = planned[part.key]
            vals = {
                "active": True,
                "match_domain": repr(list(plan.get_domain(part.rule))),
                "setup_key": plan.get_key(part),
            }
            if record:
                record.write(vals)
            else:
                vals |= {"sequence": part.sequence, "company_id": plan.company.id}
                terms = {"name": part.name, "description": part.description}
                record = self._create_translated("order.class", vals, terms)
            result[part.key] = record
        self.env["order.class"].browse(c.id for c in existing.values()).action_archive()
        return result

    @api.model
    def _apply_step(self, plan, step, record, classes):
        vals = self._prepare_step_vals(plan, step, classes)
        if record:
            record.write(vals)
        else:
            vals |= self._filter_known("order.review.step", step.values) | {
                "setup_key": plan.get_key(step),
                "sequence": step.sequence,
                "company_id": plan.company.id,
            }
            record = self._create_translated("order.review.step", vals, {"name": step.name})
        self._apply_criteria(plan, step, record)
        return record

    @api.model
    def _prepare_step_vals(self, plan, step, classes):
        """Return what the wizard decides of a step, new or existing."""
        choice = plan.choices[step.key]
        vals = {
            "active": True,
            "department_id": choice.department.id if choice.department else False,
            "reviewer_ids": [Command.set(choice.reviewers.ids if choice.reviewers else [])],
            "class_ids": [Command.set([classes[k].id for k in step.classes if k in classes])],
        }
        if step.rules:
            condition = Domain.OR([plan.get_domain(rule) for rule in step.rules])
            vals["condition_domain"] = repr(list(condition))
        return vals

    @api.model
    def _apply_criteria(self, plan, step, record):
        """Add the criteria that are missing; one that was archived by hand is not missed."""
        known = set(record.with_context(active_test=False).criterion_ids.mapped("setup_key"))
        codes = dict(self.env["order.review.criterion"]._selection_check_code())
        for sequence, part in enumerate(step.criteria, start=1):
            values = part.get_values()
            key = f"{plan.get_key(step)}.{part.key}"
            if key in known or values.get("check_code", next(iter(codes))) not in codes:
                continue
            vals = self._filter_known("order.review.criterion", values) | {
                "step_id": record.id,
                "sequence": 10 * sequence,
                "setup_key": key,
            }
            terms = {"name": part.name, "guidance": part.guidance}
            self._create_translated("order.review.criterion", vals, terms)

    @api.model
    def _filter_known(self, model, values):
        """Return ``values`` without the fields that this database does not have."""
        return {name: value for name, value in values.items() if name in self.env[model]._fields}

    @api.model
    def _create_translated(self, model, vals, terms):
        """Create a record with its texts in every language of the database."""
        terms = {name: term for name, term in terms.items() if term}
        source = {name: term._translate("en_US") for name, term in terms.items()}
        record = self.env[model].with_context(lang=None).create({**vals, **source})
        for code, _name in self.env["res.lang"].get_installed():
            for name, term in terms.items() if code != "en_US" else ():
                text = term._translate(code)
                if text != source[name]:
                    record.update_field_translations(name, {code: text})
        return record.with_context(lang=self.env.lang)
