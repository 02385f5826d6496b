from odoo import api, fields, models
from odoo.fields import Domain

from ..order.process_token import as_process, is_process
from ..order.sale_order_priority import NORMAL, URGENT

# What only code in this process can put into the values of a document that is being created
BY_ORDER = object()


class OrderPriorityMixin(models.AbstractModel):
    """A document of Odoo that is as urgent as the open orders it serves (R-172).

    It remembers whether its star comes from an order: only that one is taken back. A person's
    own star, or a star that a person took away, is theirs.
    """

    _name = "order.priority.mixin"
    _description = "Document as Urgent as its Orders"

    is_urgent_by_order = fields.Boolean(
        readonly=True, copy=False, help="Urgent because of a sales order that it serves."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {**vals, "is_urgent_by_order": vals.get("is_urgent_by_order") is BY_ORDER}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if not is_process(self.env) and not vals.keys().isdisjoint(
            ("priority", "is_urgent_by_order")
        ):
            vals = {name: value for name, value in vals.items() if name != "is_urgent_by_order"}
            if "priority" in vals:
                # Whoever says so, from now on the star is not the order's
                vals["is_urgent_by_order"] = False
        return super().write(vals)

    @api.model
    def _search_serving(self, order_domain, domain=Domain.TRUE):
        """Return the documents, as superuser, that serve an order of ``order_domain``.

        :param domain: which documents to look at
        """
        # sudo: documents of the warehouse and of purchasing, whoever decides about the order
        documents = self.sudo().with_context(active_test=False)
        return documents.search(domain & self._get_serving_domain(order_domain), order="id")

    @api.model
    def _get_serving_domain(self, order_domain):
        """Return which documents serve an order of ``order_domain``."""
        raise NotImplementedError

    @api.model
    def _get_hurrying_domain(self):
        """Return which documents can still be hurried."""
        raise NotImplementedError

    def _sync_priority_with_orders(self):
        """Make these documents urgent while an open order they serve is, and normal again when
        none is any more and the star came from an order. Constant number of queries."""
        # sudo: transfers and purchases follow their orders, whoever writes those
        documents = self.sudo()
        if not documents:
            return
        to_hurry = Domain("id", "in", documents.ids) & self._get_hurrying_domain()
        urgent = self._search_serving(documents.env["sale.order"]._get_urgent_domain(), to_hurry)
        slow = urgent.filtered(lambda document: document.priority != URGENT)
        if slow:
            as_process(slow).write({"priority": URGENT, "is_urgent_by_order": True})
        released = (documents - urgent).filtered("is_urgent_by_order")
        if released:
            as_process(released).write({"priority": NORMAL, "is_urgent_by_order": False})
