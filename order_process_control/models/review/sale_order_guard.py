from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..order.process_token import (
    as_process,
    filter_not_written,
    is_creating,
    is_process,
)


class SaleOrder(models.Model):
    """What happens when the content of an order is written: the writer is remembered, a running
    review ends, and what is confirmed does not change."""

    _inherit = "sale.order"

    content_editor_ids = fields.Many2many(
        "res.users",
        "order_content_editor_rel",
        "order_id",
        "user_id",
        string="Changed by",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who wrote watched facts of this order, besides its creator: they do not sign it.",
    )

    def write(self, vals):
        self._check_fixed_when_confirmed(vals)
        if vals.get("state") == "sale" and not self._may_date_back():
            # From here on the limits on amounts count the order, see ``amount_window``
            vals = {**vals, "date_order": fields.Datetime.now()}
        restarting = self._filter_restarting(vals)
        result = super().write(vals)
        if restarting:
            restarting._void_release()
        return result

    @api.model
    def _may_date_back(self):
        """Tell whether the user may say when an order was confirmed, for example to import it."""
        return (
            self.env.su
            or is_process(self.env)
            or self.env.user.has_group("order_process_control.group_order_manager")
        )

    def _check_fixed_when_confirmed(self, vals):
        """Refuse to move a confirmed order to another company or out of the days that count for
        the limits on amounts.

        :raise UserError: names the orders
        """
        names = {"company_id"} if is_process(self.env) else {"company_id", "date_order"}
        if self._may_date_back():
            names.discard("date_order")
        for name in names & vals.keys():
            value = self._fields[name].convert_to_cache(vals[name], self, validate=False)
            fixed = self.filtered(
                lambda order, name=name, value=value: order.state == "sale"
                and order._fields[name].convert_to_cache(order[name], order) != value
            )
            if fixed:
                raise UserError(
                    self.env._(
                        "%(orders)s: “%(field)s” of a confirmed order stays as it is. Cancel the"
                        " order and set it to quotation first.",
                        orders=", ".join(fixed.mapped("name")),
                        field=self._fields[name].get_description(self.env)["string"],
                    )
                )

    def _filter_restarting(self, vals):
        """Return the quotations that nobody has reviewed as they are with ``vals``: in another
        company, whose departments are others; delivered to another pickup point, which becomes
        the delivery address when the order is confirmed."""
        names = {"company_id", "pickup_location_data"} & vals.keys()
        if not names:
            return self.browse()
        return self.filtered(
            lambda order: order.state in ("draft", "sent")
            and any((order[n].id if n == "company_id" else order[n]) != vals[n] for n in names)
        )

    def _begin_content_change(self):
        """Note who is about to write watched facts, in one query.

        The rows of the orders are written as well, with what they hold: whoever confirms,
        submits or releases an order writes its row, so that of two at once the second runs
        again and judges what the first has left. A line alone may change without its order.

        :return: the orders for which it matters what changes: reviewed or confirmed
        """
        saved = tuple(id_ for id_ in self._filter_not_created()._ids if isinstance(id_, int))
        if not saved:
            return self.browse()
        fields_ = self._fields
        rows = self.env.execute_query(
            SQL(
                """
                  WITH noted AS (
                       INSERT INTO order_content_editor_rel (order_id, user_id)
                       SELECT id, %(uid)s FROM sale_order
                        WHERE id IN %(ids)s AND create_uid IS DISTINCT FROM %(uid)s AND %(note)s
                           ON CONFLICT DO NOTHING)
                UPDATE sale_order SET write_date = write_date WHERE id IN %(ids)s
                RETURNING id, %(state)s = 'sale' OR %(round)s IS NOT NULL
                """,
                uid=self.env.uid,
                note=not is_process(self.env) and self.env.uid != SUPERUSER_ID,
                ids=saved,
                state=SQL.identifier("sale_order", "state", to_flush=fields_["state"]),
                round=SQL.identifier(
                    "sale_order", "current_review_id", to_flush=fields_["current_review_id"]
                ),
            )
        )
        guarded = self.browse(order_id for order_id, is_guarded in rows if is_guarded)
        self.invalidate_recordset(["content_editor_ids"], flush=False)
        guarded._stamp_exempt()
        return guarded

    def _filter_not_created(self):
        """Return these orders without those that this very transaction is creating."""
        if not is_creating(self.env):
            return self
        now = self.env.cr.now()
        # sudo: an order that the writer does not see is guarded as well
        return self.filtered(lambda order: order.sudo().create_date != now)

    def _end_content_change(self):
        """Let follow what a change of watched facts means for these orders."""
        # sudo: the change may have put the order out of the writer's sight
        orders = self.sudo()
        orders._supersede_changed_reviews()
        if orders:
            # Rules read totals, which are still to be computed
            self.env.flush_all()
            orders._rebind_all(orders._check_confirmed_content())

    def _stamp_exempt(self):
        """Remember what was confirmed without a review, before it changes for the first time."""
        unstamped = self.sudo().filtered(
            lambda o: o.state == "sale" and not o.release_id and not o.exempt_fingerprint
        )
        if unstamped:
            contents = unstamped._get_review_contents()
            for order in unstamped:
                as_process(order).write(
                    {"exempt_fingerprint": self._get_fingerprint(contents[order.id])}
                )

    @api.constrains(lambda self: self._get_content_fields() - {"order_line"})
    def _constrain_confirmed_content(self):
        # Recomputation passes through no write, but through here
        self._check_confirmed_content()

    def _check_confirmed_content(self):
        """Refuse to change what was promised: that takes a change request.

        Changes that every department tolerates are bound to the release and logged; an order
        confirmed without review may change as long as its new content needs none either.

        :return: ``{order: content}`` of those that changed, to be bound to their release
        :raise UserError: names the orders
        """
        if is_process(self.env):
            return {}
        # sudo: stamps are judged, whoever asks
        confirmed = (
            filter_not_written(self._filter_not_created())
            .sudo()
            .filtered(lambda o: o.state == "sale" and (o.release_id or o.exempt_fingerprint))
        )
        if not confirmed:
            return {}
        contents = confirmed._get_review_contents()
        changed = confirmed.filtered(lambda o: not o._is_confirmed_as(contents[o.id]))
        exempt = changed.filtered(lambda o: not o.release_id)
        steps = self.env["order.review.step"]._get_steps_by_order(exempt)
        refused = changed - exempt.filtered(lambda o: not steps[o.id])
        refused = refused.filtered(
            lambda o: not o.release_id or not o.release_id._is_tolerated(contents[o.id])
        )
        if refused:
            raise UserError(self._get_frozen_message(refused))
        return {order: contents[order.id] for order in changed}

    @api.model
    def _rebind_all(self, contents):
        """Let the releases of confirmed orders hold for ``{order: content}``."""
        for order, content in contents.items():
            order._rebind_confirmed(content)

    def _accept_content(self):
        """Let what these confirmed orders are now be what was released: Odoo's own documents
        have changed it, and nobody else could."""
        # sudo: stamps are not writable for anybody
        confirmed = self.sudo().filtered(lambda o: o.state == "sale")
        contents = confirmed._get_review_contents()
        changed = confirmed.filtered(lambda o: not o._is_confirmed_as(contents[o.id]))
        self._rebind_all({order: contents[order.id] for order in changed})

    def _is_confirmed_as(self, content):
        self.ensure_one()
        fingerprint = self._get_fingerprint(content)
        if self.release_id:
            return self.release_id._is_bound_to(fingerprint)
        return self.exempt_fingerprint == fingerprint

    def _rebind_confirmed(self, content):
        """Let the release hold for a tolerated change of a confirmed order."""
        self.ensure_one()
        if self.release_id:
            self.release_id._bind(content)
        else:
            as_process(self).exempt_fingerprint = self._get_fingerprint(content)

    @api.model
    def _get_frozen_message(self, orders):
        return self.env._(
            "%s is confirmed: what was promised to the customer is not edited. Use “Request a"
            " Change” on the order, so that the departments concerned can agree to it.",
            ", ".join(orders.mapped("name")),
        )
