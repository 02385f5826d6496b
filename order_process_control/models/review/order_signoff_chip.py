from odoo import fields, models


class OrderSignoff(models.Model):
    """What a sign-off says besides its state, for the strip, the review page and the departments
    that sign next."""

    _inherit = "order.signoff"

    def _prepare_chip_details(self):
        """Return what the chip of this sign-off carries besides its state: plain values."""
        self.ensure_one()
        return {
            "points": [point._prepare_chip_point() for point in self._get_lasting_points()],
            "questions": [question._prepare_chip_question() for question in self.question_ids],
            **(self._prepare_overruled_chip() if self.state == "skipped" else {}),
        }

    def _prepare_overruled_chip(self):
        """Return the rejection that this round is about: whose it is, and what became of it."""
        rejection = self.basis_id
        labels = {
            "in_progress": self.env._("Rejected, to be Overruled"),
            "approved": self.env._("Overruled"),
            "rejected": self.env._("Rejection Upheld"),
        }
        return {
            "state_label": labels.get(self.review_id.state, self.env._("Rejected")),
            # sudo: the name of a colleague
            "who": rejection.decided_by.sudo().name or "",
            "when": fields.Datetime.to_string(rejection.decided_at) or "",
            "comment": rejection.comment or "",
        }

    def _get_remarks(self):
        """Return what those of these sign-offs that are approved leave to the others: comments,
        time needed, dates offered and open points, as the templates show them."""
        approved = self.filtered(lambda s: s.state == "approved" or s.open_point_ids)
        return [
            {
                "name": signoff.name,
                # sudo: the name of a colleague
                "who": signoff.decided_by.sudo().name or "",
                "comment": signoff.comment or "",
                "lead_time_days": signoff.lead_time_days,
                "proposed_date": signoff.proposed_date,
                "points": signoff._get_lasting_points(),
            }
            for signoff in approved
            if signoff.comment
            or signoff.lead_time_days
            or signoff.proposed_date
            or signoff._get_lasting_points()
        ]

    def _get_lasting_points(self):
        """Return the open points of this department, also those of a signature that was carried
        over."""
        self.ensure_one()
        points = (self | self.carried_from_id).open_point_ids
        return points.filtered(lambda point: point.state != "cancelled")


class OrderSignoffPoint(models.Model):
    _inherit = "order.signoff.point"

    def _prepare_chip_point(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            # sudo: the name of a colleague
            "who": self.user_id.sudo().name,
            "due": fields.Date.to_string(self.date_deadline) or "",
            "state": self.state,
            "result": self.result or "",
        }


class OrderSignoffQuestion(models.Model):
    _inherit = "order.signoff.question"

    def _prepare_chip_question(self):
        self.ensure_one()
        return {
            "id": self.id,
            "question": self.question,
            # sudo: the names of colleagues
            "asked_by": self.asked_by.sudo().name,
            "asked_at": fields.Datetime.to_string(self.asked_at),
            "answer": self.answer or "",
            "answered_by": self.answered_by.sudo().name or "",
            "answered_at": fields.Datetime.to_string(self.answered_at) or "",
        }
