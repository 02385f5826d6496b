from odoo import api, models


class OrderSignoffQuestion(models.Model):
    """The clock of an answer: it belongs to whoever is asked (design, "Clocks")."""

    _name = "order.signoff.question"
    _inherit = ["order.signoff.question", "order.deadline.mixin"]

    @api.model
    def _get_deadline_clock(self):
        return "answer"

    def _prepare_deadline_vals(self, policy=None):
        self.ensure_one()
        signoff = self.signoff_id
        return {
            "name": self.env._(
                "%(order)s: answer to %(department)s",
                order=signoff.review_id._get_subject_name(),
                department=signoff.name,
            ),
            "order_id": signoff.order_id.id,
            "company_id": signoff.company_id.id,
            "user_id": signoff.review_id._get_addressee().id,
            "class_id": signoff.order_id.class_id.id,
            "priority": signoff.order_id.priority,
        }
