from ..common import OrderProcessCommon


class RoundsCommon(OrderProcessCommon):
    """What the tests of rounds need beside the people and departments."""

    def _submit(self, **vals):
        order = self._create_order(**vals)
        order.action_request_review()
        return order

    def _states(self, order):
        """Return ``{department: state}`` of the order's current round."""
        return {s.name: s.state for s in order.sudo().current_review_id.signoff_ids}

    def _bells(self, records):
        """Return who has an open activity on these records."""
        self.env.flush_all()
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
            .user_id
        )

    def _able(self, order, name):
        self.env.invalidate_all()
        return self._signoff(order, name).candidate_ids

    def _kinds(self, order):
        """Return the kinds of the order's ledger entries, oldest first."""
        return order.sudo().event_ids.sorted("number").mapped("kind")

    def _assert_ledger_intact(self, order):
        self.env.invalidate_all()
        notice = order.sudo().action_verify_ledger()["params"]
        self.assertEqual(notice["type"], "success", notice["message"])

    @classmethod
    def _create_reviewer(cls, login):
        return cls._create_user(login, cls._group("reviewer"))

    def _join(self, user, department):
        return self.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "department_id": department.id}
        )
