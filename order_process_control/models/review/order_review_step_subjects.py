from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OrderReviewStep(models.Model):
    """What a step signs: orders with their changes, or what other rooms ask it for."""

    _inherit = "order.review.step"

    subjects = fields.Char(
        help="Comma-separated, for example: order, expedite. Empty: orders and their changes."
    )
    is_for_orders = fields.Boolean(
        string="Orders and Changes",
        compute="_compute_subject_flags",
        inverse="_inverse_subject_flags",
    )

    @api.model
    def _get_subject_flags(self):
        """Return ``{subject: field that says whether it is signed}``."""
        return {"order": "is_for_orders"}

    @api.depends("subjects")
    def _compute_subject_flags(self):
        for step in self:
            chosen = step._get_subjects()
            for subject, name in self._get_subject_flags().items():
                step[name] = subject in chosen

    def _inverse_subject_flags(self):
        for step in self:
            chosen = [code for code, name in self._get_subject_flags().items() if step[name]]
            if not chosen:
                raise ValidationError(
                    self.env._("Say what “%s” signs, or archive the step.", step.name or "")
                )
            step.subjects = False if chosen == ["order"] else ",".join(chosen)

    def _get_subjects(self):
        """Return the codes of what this step signs; nothing chosen means orders."""
        self.ensure_one()
        chosen = {code.strip() for code in (self.subjects or "").split(",")} - {""}
        return chosen or {"order"}

    @api.constrains("subjects")
    def _check_subjects(self):
        known = self._get_subject_flags().keys()
        for step in self:
            unknown = step._get_subjects() - known
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(codes)s” is nothing that a step signs. Use: %(known)s.",
                        codes=", ".join(sorted(unknown)),
                        known=", ".join(known),
                    )
                )

    def _prepare_configuration(self):
        return {**super()._prepare_configuration(), "subjects": frozenset(self._get_subjects())}

    @api.model
    def _applies_to(self, values, order, classes):
        return "order" in values["subjects"] and super()._applies_to(values, order, classes)

    @api.model
    def _get_steps_for(self, subject, order):
        """Return the steps that sign something else than the order itself, in signing order.

        :param str subject: one of :meth:`_get_subject_flags`
        :param order: one sale.order, whose class and facts the steps' conditions are about
        """
        configuration = self._get_configuration()
        asked = {id_: v for id_, v in configuration.items() if subject in v["subjects"]}
        if not asked:
            return self.browse()
        # sudo: the class and company of an order, whoever asks
        order = order.sudo()
        query = self._get_rules_query(order)
        matched = self.env.execute_query(query) if query else ()
        classes, matched_steps = self._apply_rules(order, matched)
        return self.browse(
            id_
            for id_, values in asked.items()
            if order.id in matched_steps[id_]
            and self._is_meant_for(values, order, classes[order.id] | order.class_id)
        )
