from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..order.process_token import as_process, is_process, without


class StockPicking(models.Model):
    """The warehouse keeper confirms the Shipping Notice (R-078, R-483)."""

    _inherit = "stock.picking"

    notice_confirmed_by = fields.Many2one(
        "res.users",
        string="Shipping Notice Confirmed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    notice_confirmed_at = fields.Datetime(
        string="Shipping Notice Confirmed On", readonly=True, copy=False, groups="base.group_user"
    )
    notice_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Digest of the notice, signed by the salesperson, that was confirmed.",
    )
    shipping_notice_state = fields.Selection(
        [
            ("to_sign", "To be Signed by Sales"),
            ("to_confirm", "To be Confirmed by the Warehouse"),
            ("confirmed", "Confirmed"),
        ],
        string="Shipping Notice",
        compute="_compute_shipping_notice_state",
        groups="base.group_user",
    )
    shipping_notice_demand = fields.Text(
        compute="_compute_shipping_notice_state", groups="base.group_user"
    )

    # === PROTECTED FIELDS ===#

    @api.model
    def _get_notice_fields(self):
        return {"notice_confirmed_by", "notice_confirmed_at", "notice_fingerprint"}

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_notice_fields()
        for vals in vals_list:
            self._check_notice_fields({name for name in names if vals.get(name)})
        return super().create([without(vals, names) for vals in vals_list])

    def write(self, vals):
        self._check_notice_fields(self._get_notice_fields() & vals.keys())
        return super().write(vals)

    def _check_notice_fields(self, names):
        """:raise AccessError: unless the process itself writes what only it writes"""
        if names and not is_process(self.env):
            raise AccessError(
                self.env._("Use “Confirm Shipping Notice”: nobody else writes who confirmed it.")
            )

    # === WHAT IS SIGNED AND CONFIRMED ===#

    def _get_notice_orders(self):
        """Return the orders that this delivery ships, as superuser, none for other transfers."""
        self.ensure_one()
        # sudo: the warehouse need not read orders to ship them
        picking = self.sudo()
        orders = picking.move_ids.sale_line_id.order_id | picking.sale_id
        return orders if picking.location_dest_id.usage == "customer" else orders.browse()

    def _get_signed_digest(self):
        """Return the digest of what sales has signed for this delivery, False when it has not."""
        self.ensure_one()
        orders = self._get_notice_orders()
        if not orders or any(order.shipping_notice_state != "signed" for order in orders):
            return False
        return ",".join(orders.sorted("id").mapped("shipping_notice_fingerprint"))

    @api.depends(
        "state",
        "notice_fingerprint",
        "location_dest_id",
        "move_ids.sale_line_id",
        "sale_id.shipping_notice_fingerprint",
        "sale_id.is_fast_path",
    )
    @api.depends_context("lang")
    def _compute_shipping_notice_state(self):
        for picking in self:
            orders = picking._get_notice_orders()
            picking.shipping_notice_state = picking._get_notice_state() if orders else False
            waiting = orders.filtered(
                lambda o: o.is_fast_path and o.shipping_notice_state != "signed"
            )
            is_open = picking.state not in ("done", "cancel")
            picking.shipping_notice_demand = is_open and "\n".join(waiting._get_notice_demand())

    def _get_notice_state(self):
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return "confirmed" if self.notice_fingerprint else False
        digest = self._get_signed_digest()
        if not digest:
            return "to_sign"
        return "confirmed" if self.notice_fingerprint == digest else "to_confirm"

    # === CONFIRMING ===#

    def action_confirm_shipping_notice(self):
        """Confirm for the warehouse what sales has signed to be shipped (R-078, R-483).

        :return: True
        :raise AccessError: for everybody but users of the warehouse
        :raise UserError: for what is no delivery of an order or is over, and while a salesperson
            has to sign first
        """
        self.check_access("write")
        self._check_may_confirm_notice()
        # sudo: the warehouse need not read orders to lock their ledgers
        self.env["order.ledger"]._lock(self.sudo().move_ids.sale_line_id.order_id | self.sale_id)
        self._check_notice_to_confirm()
        self._record_confirmation()
        return True

    def _check_may_confirm_notice(self):
        """Also as superuser: a confirmation is that of a person."""
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("The Shipping Notice is confirmed by a user of the warehouse.")
            )

    def _check_notice_to_confirm(self):
        """:raise UserError: says what keeps these deliveries from being confirmed"""
        for picking in self:
            orders = picking._get_notice_orders()
            if not orders or picking.state in ("done", "cancel"):
                raise UserError(
                    self.env._(
                        "%s: only a delivery of a sales order that has not left yet has a Shipping"
                        " Notice to confirm.",
                        picking.name,
                    )
                )
            unsigned = orders.filtered(lambda order: order.shipping_notice_state != "signed")
            if unsigned:
                raise UserError("\n".join(unsigned._get_notice_demand()))

    def _record_confirmation(self):
        """Remember who confirms these deliveries, of those that sales has signed and nobody has
        confirmed as they are signed."""
        digests = {
            picking: digest
            for picking in self
            if (digest := picking._get_signed_digest()) and picking.notice_fingerprint != digest
        }
        if not digests:
            return
        entries = []
        for picking, digest in digests.items():
            as_process(picking).write(
                {
                    "notice_confirmed_by": self.env.uid,
                    "notice_confirmed_at": self.env.cr.now().replace(microsecond=0),
                    "notice_fingerprint": digest,
                }
            )
            entries += [
                (order, "notice_confirmed", {"picking": picking.id})
                for order in picking._get_notice_orders()
            ]
        ledger = self.env["order.ledger"]
        ledger._lock(self.env["sale.order"].union(*(order for order, *_entry in entries)))
        ledger._append(entries)

    # === SHIPPING ===#

    def button_validate(self):
        # Before Odoo asks about backorders; moves are checked again when they are done
        self.move_ids._check_shipping_notice()
        return super().button_validate()

    def _action_done(self):
        result = super()._action_done()
        # Who ships what sales has signed confirms it, unless somebody has before
        self._record_confirmation()
        return result

    # === FOR THE FORM ===#

    def _get_notice_lines(self):
        """Return the columns of R-483 for the goods of this delivery; see the order's."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        return [move._prepare_notice_line() for move in moves]


class StockMove(models.Model):
    _inherit = "stock.move"

    def _prepare_notice_line(self):
        self.ensure_one()
        # sudo: what the customer chose is on the line of the order
        line = self.sudo().sale_line_id
        values = self.product_id.product_template_attribute_value_ids.mapped("name")
        return {
            "product": self.product_id.product_tmpl_id.name,
            "model": line._get_model_and_specification()
            if line.product_id == self.product_id
            else ", ".join(filter(None, [self.product_id.default_code, *values])),
            "quantity": self.quantity if self.state == "done" else self.product_uom_qty,
            "uom": self.product_uom,
        }
