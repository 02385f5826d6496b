from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang


class ReportShippingNotice(models.AbstractModel):
    """Shipping Notice of orders: what may leave the warehouse, and who signed it (R-483)."""

    _name = "report.order_process_control.shipping_notice"
    _description = "Shipping Notice"
    _inherit = "order.record.mixin"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one notice for each order, in the language and time zone of the reader.

        :param list docids: ids of orders
        :raise AccessError: for whoever may not read these orders
        """
        self._check_reader()
        orders = self.env["sale.order"].browse(docids)
        orders.check_access("read")
        lines = orders._get_notice_lines()
        pairs = [(o.company_id, self._prepare_notice(o, lines[o.id])) for o in orders]
        return {
            **self._prepare_values(orders._name, orders),
            "companies": self._group_by_company(pairs),
        }

    @api.model
    def _prepare_notice(self, order, lines):
        # sudo: who sells an order need not see the transfers of the warehouse
        pickings = order.sudo().picking_ids.filtered(
            lambda p: p.location_dest_id.usage == "customer" and p.state != "cancel"
        )
        return {
            "number": order.name,
            "customer": order.partner_id.display_name,
            "address": order.partner_shipping_id,
            "promised": self._format_day(order.commitment_date),
            "reference": order.client_order_ref or "",
            "evidence": order.fast_path_evidence or "",
            "lines": [self._prepare_line(line) for line in lines],
            "signatures": [self._prepare_signature(order)],
            "confirmations": [self._prepare_confirmation(picking) for picking in pickings],
        }

    @api.model
    def _prepare_line(self, line):
        quantity = formatLang(self.env, line["quantity"], dp="Product Unit")
        return {**line, "quantity": f"{quantity} {line['uom'].name or ''}"}

    @api.model
    def _prepare_signature(self, order):
        """Return who signed, unless the signature does not hold any more."""
        is_signed = order.shipping_notice_state == "signed"
        return {
            "order": order.name,
            "who": self._get_name(order.shipping_notice_signed_by) if is_signed else "",
            "when": self._format_time(order.shipping_notice_signed_at) if is_signed else "",
            "is_outdated": order.shipping_notice_state == "outdated",
            "salesperson": self._get_name(order.user_id),
        }

    @api.model
    def _prepare_confirmation(self, picking):
        is_confirmed = picking.shipping_notice_state == "confirmed"
        return {
            "picking": picking.name,
            "who": self._get_name(picking.notice_confirmed_by) if is_confirmed else "",
            "when": self._format_time(picking.notice_confirmed_at) if is_confirmed else "",
        }


class ReportShippingNoticePicking(models.AbstractModel):
    """The same notice for single deliveries, as the warehouse prints it."""

    _name = "report.order_process_control.shipping_notice_picking"
    _description = "Shipping Notice of a Delivery"
    _inherit = "report.order_process_control.shipping_notice"

    @api.model
    def _check_reader(self):
        """The warehouse has no part in reviews: who reads the delivery prints its notice."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("Shipping Notices are printed by colleagues only."))

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one notice for each delivery.

        :param list docids: ids of deliveries
        :raise AccessError: for whoever may not read these deliveries
        :raise UserError: for a transfer that is no delivery of a sales order
        """
        self._check_reader()
        pickings = self.env["stock.picking"].browse(docids)
        pickings.check_access("read")
        pairs = [(p.company_id, self._prepare_picking_notice(p)) for p in pickings]
        return {
            **self._prepare_values(pickings._name, pickings),
            "companies": self._group_by_company(pairs),
        }

    @api.model
    def _prepare_picking_notice(self, picking):
        orders = picking._get_notice_orders()
        if not orders:
            raise UserError(
                self.env._(
                    "%s: only the delivery of a sales order has a Shipping Notice.", picking.name
                )
            )
        return {
            "number": picking.name,
            "customer": ", ".join(orders.partner_id.mapped("display_name")),
            "address": picking.partner_id or orders[0].partner_shipping_id,
            "promised": ", ".join(filter(None, map(self._format_day, self._get_promised(orders)))),
            "reference": ", ".join(filter(None, orders.mapped("client_order_ref"))),
            "evidence": "",
            "lines": [self._prepare_line(line) for line in picking._get_notice_lines()],
            "signatures": [self._prepare_signature(order) for order in orders],
            "confirmations": [self._prepare_confirmation(picking)],
        }

    @api.model
    def _get_promised(self, orders):
        return sorted(filter(None, set(orders.mapped("commitment_date"))))
