from odoo import api, fields, models
from odoo.exceptions import UserError

from .process_token import as_process, is_process, with_default
from .visible_text import says_something

NORMAL, URGENT = "0", "1"
PRIORITIES = [(NORMAL, "Normal"), (URGENT, "Urgent")]
_CHOICE = frozenset(("priority", "priority_reason"))


class SaleOrder(models.Model):
    """How pressing an order is (R-157, R-172, R-176): what its class says, unless somebody chose
    otherwise before it was first submitted and said why.

    Not part of the reviewed content: it promises the customer nothing. The class, which it
    follows, is watched; after the first submission nobody chooses by hand any more; and what
    ``order.expedite`` raises later was reviewed there.
    """

    _inherit = "sale.order"

    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="How pressing the order is. Follows its class; chosen by hand, with a reason, only"
        " before the order is first submitted.",
    )
    priority_reason = fields.Char(
        string="Reason of the Priority",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Why the order is more, or less, pressing than its class says.",
    )
    priority_is_chosen = fields.Boolean(
        store=False,
        groups="base.group_user",
        help="In a form that is not saved yet: somebody chose against the class.",
    )

    # === BY RULE ===#

    @api.depends("class_id")
    def _compute_priority(self):
        for order in self:
            is_chosen = order.priority_reason or order.priority_is_chosen
            if not order.priority or not is_chosen:
                order.priority = order._get_class_priority()
            else:
                order.priority = order.priority

    def _get_class_priority(self):
        self.ensure_one()
        urgent_ids = self.env["order.class"]._get_urgent_ids()
        return URGENT if self.class_id._origin.id in urgent_ids else NORMAL

    @api.onchange("priority")
    def _onchange_priority(self):
        self.priority_is_chosen = self.priority != self._get_class_priority()
        if not self.priority_is_chosen:
            self.priority_reason = False

    def _compute_field_value(self, field):
        if field.name != "priority":
            return super()._compute_field_value(field)
        saved = self.filtered("id")
        before = {order.id: order.priority or NORMAL for order in saved}
        result = super()._compute_field_value(field)
        changed = saved.filtered(lambda order: order.priority != before[order.id])
        if changed:
            changed._on_priority_changed()
        return result

    def _make_urgent_by_class(self, classes):
        """Make urgent what a rule of a class makes urgent as it stands at the submission.

        :param dict classes: ``{order id: class}`` by the rules
        """
        urgent_ids = self.env["order.class"]._get_urgent_ids()
        # sudo: stamps are judged, whoever submits
        orders = self.sudo().filtered(
            lambda order: order.priority != URGENT
            and not order.priority_reason
            and classes[order.id].id in urgent_ids
        )
        if orders:
            as_process(orders).write({"priority": URGENT})

    def _set_priority(self, priority, reason):
        """Set the priority of orders as the process decided it, such as by an expedite request.

        :param str priority: ``"1"`` urgent, ``"0"`` normal
        :param reason: kept on the order, which then does not follow its class any more; without
            one it follows its class again
        """
        as_process(self).write({"priority": priority, "priority_reason": reason})
        if not reason:
            as_process(self)._follow_class()

    def _follow_class(self):
        for priority, orders in self.grouped(lambda o: o._get_class_priority()).items():
            orders.filtered(lambda o, p=priority: o.priority != p).write({"priority": priority})

    def _on_priority_changed(self):
        """Called once a batch, as soon as the priority of these orders is another one.

        What is sorted by it, hurried by it or carries it further overrides this and calls super.
        """

    # === BY HAND ===#

    @api.model
    def _get_computed_fields(self):
        return super()._get_computed_fields() | {"priority_is_chosen"}

    @api.model_create_multi
    def create(self, vals_list):
        if is_process(self.env):
            return super().create(vals_list)
        vals_list = [
            self._prepare_priority_vals(vals) for vals in with_default(self, vals_list, "priority")
        ]
        orders = super().create(vals_list)
        urgent = orders.browse(
            order.id for order, vals in zip(orders, vals_list, strict=True) if vals.get("priority")
        )
        # sudo: fields of the order that its creator need not be able to read
        urgent.sudo()._check_priority_has_reason()
        return orders

    def _prepare_priority_vals(self, vals):
        """Return ``vals`` without a priority that its creator has no say in, or that is none: a
        form also sends what it shows."""
        is_ours = not self.env.user.share
        if is_ours and (vals.get("priority_reason") or vals.get("priority") == URGENT):
            return vals
        dropped = {"priority"} if is_ours else _CHOICE
        return {name: value for name, value in vals.items() if name not in dropped}

    def write(self, vals):
        if _CHOICE.isdisjoint(vals):
            return super().write(vals)
        if self.env.user.share and not is_process(self.env):
            return super().write({name: vals[name] for name in vals if name not in _CHOICE})
        # sudo: the rule judges the order, not what its writer sees
        orders = self.sudo()
        late = orders._filter_priority_fixed()
        before = {order: (order.priority or NORMAL, order.priority_reason) for order in orders}
        result = super().write(vals)
        chosen = orders.filtered(lambda o: before[o] != (o.priority, o.priority_reason))
        if not is_process(self.env):
            (chosen & late)._check_priority_follows_class(before)
            (chosen - late)._check_priority_has_reason()
        changed = chosen.filtered(lambda order: order.priority != before[order][0])
        if changed:
            changed._on_priority_changed()
        return result

    def _filter_priority_fixed(self):
        """Return the orders whose priority nobody chooses by hand any more."""
        return self._filter_submitted() | self.filtered(lambda o: o.state not in ("draft", "sent"))

    def _check_priority_follows_class(self, before):
        """Let pass only what the class of the order says, and only where it did before.

        :raise UserError: names the orders
        """
        late = self.filtered(
            lambda order: order.priority_reason
            or before[order][1]
            or order.priority != order._get_class_priority()
        )
        if late:
            raise UserError(
                self.env._(
                    "%s: the priority is chosen before an order is first submitted for review."
                    " It cannot be changed by hand any more: request an expedite.",
                    ", ".join(late.mapped("name")),
                )
            )

    def _check_priority_has_reason(self):
        """:raise UserError: names the orders that differ from their class without a reason"""
        silent = self.filtered(
            lambda order: not says_something(order.priority_reason)
            and order.priority != order._get_class_priority()
        )
        if silent:
            raise UserError(
                self.env._(
                    "%s: write why the order is more, or less, pressing than other orders of its"
                    " class (Intake page, Reason).",
                    ", ".join(silent.mapped("name")),
                )
            )
