from odoo import fields, models
from odoo.tools import SQL


class OrderSignoff(models.Model):
    """Facts before opinions: sign-offs that need nobody (design, principle 2)."""

    _inherit = "order.signoff"

    def _signs_itself(self):
        """Tell whether the system signs: it may, and no person is needed. Nobody is overruled by
        facts."""
        self.ensure_one()
        return (
            self.state == "pending"
            and self.review_id.subject in self.env["order.review"]._get_content_subjects()
            and self._may_sign_itself()
            and not (self.is_final and self.review_id.overrules_id)
            and not self._asks_people()
        )

    def _may_sign_itself(self):
        """Tell whether the system may sign when no person is needed."""
        self.ensure_one()
        return self.auto_approve

    def _asks_people(self):
        """Tell whether a person is needed: a fact is not in order, there is none, or a mandatory
        question is for a person to answer."""
        self.ensure_one()
        questions = self.answer_ids.filtered(lambda a: a.kind == "manual" and a.is_required)
        return bool(questions) or not self.answer_ids._is_green()

    def _get_system_reason(self):
        """Return the comment of a signature by the system."""
        self.ensure_one()
        return self.env._("Every fact is in order.")

    def _sign_by_system(self, entries):
        """Approve these sign-offs in nobody's name; what was found is the evidence.

        :param list entries: of the ledger, to which the signatures are added
        """
        now = fields.Datetime.now()
        self._update_rows(
            [
                {
                    "state": "approved",
                    "comment": signoff._get_system_reason(),
                    "decided_at": now,
                    "signed_by_system": True,
                }
                for signoff in self
            ]
        )
        entries += [
            (
                signoff.order_id,
                "signed_by_system",
                {
                    "signoff": signoff.id,
                    "review": signoff.review_id.id,
                    "hash": signoff.fingerprint,
                },
            )
            for signoff in self
        ]

    def _filter_own(self, user):
        """Return the sign-offs that are, or were, for ``user`` to sign, or of their department."""
        if not self:
            return self
        query = SQL(
            "SELECT own.id FROM order_signoff AS own WHERE own.id IN %s AND %s",
            self._ids,
            self.with_user(user)._get_signer_rights("own"),
        )
        return self.browse(id_ for (id_,) in self.env.execute_query(query))

    def _refresh_facts(self):
        """Look the facts of these open sign-offs up again: stock and debts do not stand still."""
        # sudo: answers are not writable for anybody. What a change will make of its order was
        # found by trying; the order as it is tells nothing of it.
        self.sudo().filtered(
            lambda s: s.state == "pending" and s.review_id.res_model == "sale.order"
        ).answer_ids._refresh()
