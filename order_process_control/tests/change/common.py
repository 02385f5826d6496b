from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..common import OrderProcessCommon


class ChangeCommon(OrderProcessCommon):
    """A confirmed order of two desks and one assembly, released by Finance (price) and
    Production (goods, dates)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.product, 50)
        cls.step_finance = cls._create_step(
            "Finance", cls.finance, watched_aspects="customer,price,addresses,class"
        )
        cls.step_production = cls._create_step(
            "Production", cls.production, watched_aspects="goods,dates"
        )
        cls.order = cls._create_confirmed()
        cls.line = cls.order.order_line[0]

    @classmethod
    def _create_confirmed(cls, **vals):
        order = cls._create_order(lines=[(cls.product, 2), (cls.service, 1)], **vals)
        order.action_request_review()
        for signoff in order.sudo().current_review_id.signoff_ids:
            signer = cls.finance_user if signoff.name == "Finance" else cls.production_user
            signoff.with_user(signer).action_approve()
        order.action_confirm()
        return order

    @classmethod
    def _create_change(cls, order=None, user=None, lines=None, **vals):
        """Write a change as the salesperson.

        :param dict lines: ``{order line: values}``; of None: a list of values of new lines
        """
        order = order or cls.order
        change = (
            cls.env["order.change"]
            .with_user(user or cls.salesperson)
            .create({"order_id": order.id, "reason": "The customer called", **vals})
        )
        for order_line, values in (lines or {}).items():
            if order_line:
                change.line_ids.grouped("order_line_id")[order_line.sudo(False)].write(values)
            else:
                change.write({"line_ids": [Command.create(new) for new in values]})
        return change

    @classmethod
    def _submit(cls, order=None, **vals):
        change = cls._create_change(order, **vals)
        change.action_submit()
        return change

    def _states(self, change):
        return {s.name: s.state for s in change.sudo().review_id.signoff_ids}

    def _sign(self, change, name, user, decision="approved", comment=None):
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.name == name)
        signoff = signoff.with_user(user)
        if decision == "rejected":
            return signoff.action_reject(comment or "Not possible")
        return signoff.action_approve(comment)

    def _sign_all(self, change):
        for name, user in (("Finance", self.finance_user), ("Production", self.production_user)):
            if self._states(change).get(name) == "pending":
                self._sign(change, name, user)

    @classmethod
    def _days(cls, days):
        return fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)

    def _moves(self, line):
        return line.sudo().move_ids.filtered(lambda m: m.state != "cancel")

    def _kinds(self, order=None):
        return (order or self.order).sudo().event_ids.sorted("number").mapped("kind")

    def _tasks(self, change):
        return change.sudo().activity_ids.mapped("activity_type_id.name")
