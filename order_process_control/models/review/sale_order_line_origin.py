from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .line_origin import ORIGINS, get_origin, get_value_kind, without_origin


class SaleOrderLine(models.Model):
    """Lines that Odoo itself adds to a confirmed order, and that nobody has promised.

    Goods found on the picking, costs passed on, parts used in a repair: the review cannot have
    known them, and they must not stop the warehouse or the accountant. They are no content of
    the order, as long as nobody edits them like a line of the order.
    """

    _inherit = "sale.order.line"

    process_origin = fields.Selection(
        ORIGINS,
        string="Added by",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Which of Odoo's own documents added the line after the order was confirmed. Such a"
        " line is not part of what was reviewed.",
    )

    # === WHO SETS IT ===#

    @api.model_create_multi
    def create(self, vals_list):
        # Explicit: a default of the user's own or of the context is as good as a value
        vals_list = [
            {**vals, "process_origin": origin}
            for vals, origin in zip(vals_list, self._get_new_origins(vals_list), strict=True)
        ]
        # What these lines set off in turn is not the document that was meant
        return super(SaleOrderLine, without_origin(self)).create(vals_list).with_env(self.env)

    @api.model
    def _get_new_origins(self, vals_list):
        """Return the origin of each of the lines to be created, False for a line like any other.

        Only a confirmed order has any: on a quotation everything is reviewed.
        """
        origins = [self._get_new_origin(vals) for vals in vals_list]
        if not any(origins):
            return origins
        order_ids = {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        # sudo: whose document it is need not be allowed to read the order
        orders = self.env["sale.order"].sudo().browse(order_ids)
        confirmed = set(orders.filtered(lambda order: order.state == "sale").ids)
        return [
            origin if vals.get("order_id") in confirmed else False
            for vals, origin in zip(vals_list, origins, strict=True)
        ]

    @api.model
    def _get_new_origin(self, vals):
        """Return the kind that ``vals`` name, or that of the environment if they look like it.

        A method of Odoo does more than to create these lines: what else happens meanwhile, as
        the carrier's costs when a picking is done, is not to be taken for one of them.
        """
        named = get_value_kind(vals.get("process_origin"))
        kind = named or get_origin(self.env)
        if not kind or not (named or vals.get("move_ids")):
            return False
        if kind == "picking" and not named and vals.get("product_uom_qty"):
            return False
        return kind

    # === WHO LOSES IT ===#

    def write(self, vals):
        if vals.get("process_origin"):
            # Nobody's to give; taking it away makes the line content
            vals = {name: value for name, value in vals.items() if name != "process_origin"}
        edited = self._get_edited_origin_lines(vals)
        if not edited:
            return super().write(vals)
        # In the same write, so that the order is judged with this line as part of its content
        super(SaleOrderLine, edited).write({**vals, "process_origin": False})
        return super(SaleOrderLine, self - edited).write(vals)

    def _get_edited_origin_lines(self, vals):
        """Return the lines that ``vals`` turn from a document's line into one of the order."""
        names = self.env["sale.order"]._get_content_line_fields() & vals.keys()
        if not names or self._is_own_origin_write(vals):
            return self.browse()
        # sudo: who may write a line may not be allowed to read the field
        return self.filtered(
            lambda line: line.sudo().process_origin
            and any(line._is_other_value(name, vals[name]) for name in names)
        )

    def _is_own_origin_write(self, vals):
        """Tell whether the documents behind the lines write them, not a person.

        Taking back an expense empties its line (module ``sale_expense``, as superuser).
        """
        return bool(get_origin(self.env)) or (
            self.env.su and "expense_ids" in vals and not vals.get("product_uom_qty", 1)
        )

    def _is_other_value(self, name, value):
        """Tell whether ``value``, as given to ``write``, differs from what the line has."""
        self.ensure_one()
        field = self._fields[name]
        if field.type == "one2many":
            # Updating what is linked changes it as well
            return any(command[0] != Command.LINK for command in value or ())
        if field.type == "many2many":
            commands = value or ()
            if any(isinstance(command, int) for command in commands):
                commands = [Command.set(commands)]
            if any(command[0] in (Command.CREATE, Command.UPDATE) for command in commands):
                return True
            value = [tuple(command) for command in commands]
        new = field.convert_to_record(field.convert_to_cache(value, self, validate=False), self)
        return new != self[name]

    def _clear_process_origin(self):
        """Make these lines part of their orders' content."""
        self.filtered("process_origin").write({"process_origin": False})

    def _is_repair_taken_back(self, vals):
        """Tell whether ``vals`` are a cancelled repair that empties the lines it was sold with.

        For the gate of confirmed orders: these lines may have been reviewed, and yet a repair
        that does not take place must not be stopped. Only lines that Odoo makes a repair of: who
        repairs can point a repair, or a part of it, at any line of any order.
        """
        if get_origin(self.env) != "repair" or vals != {"product_uom_qty": 0}:
            return False
        # sudo: who repairs may not be allowed to read the field
        return all(
            line.process_origin or line.product_id.service_tracking == "repair"
            for line in self.sudo()
        )

    # === WHAT IS NOT CONTENT ===#

    @api.model
    def _get_not_content_fields(self):
        """Return the fields that :meth:`_get_not_content_sql` reads, to flush them before."""
        return [
            "display_type",
            "is_downpayment",
            "product_uom_qty",
            "process_origin",
            "is_delivery",
            "product_id",
            "price_unit",
            "price_subtotal",
            "price_total",
        ]

    @api.model
    def _get_not_content_sql(self):
        """Return a condition on ``sale_order_line l``, never NULL: the line is not content.

        Sections and notes; down payments; what Odoo's documents added; what shipping costs, where
        the carrier's own service says so, for any line may carry the flag. A line that lowers the
        total is a discount on what was reviewed, whatever it is called.
        """
        return SQL(
            """
            (l.display_type IS NOT NULL
             OR (l.is_downpayment IS TRUE AND COALESCE(l.product_uom_qty, 0) = 0)
             OR (COALESCE(l.product_uom_qty, 0) >= 0
                 AND COALESCE(l.price_unit, 0) >= 0
                 AND COALESCE(l.price_subtotal, 0) >= 0
                 AND COALESCE(l.price_total, 0) >= 0
                 AND (l.process_origin IS NOT NULL
                      OR (l.is_delivery IS TRUE
                          AND COALESCE(l.product_uom_qty, 0) = 1
                          AND EXISTS (
                              SELECT 1
                                FROM delivery_carrier c
                                JOIN product_product p ON p.id = c.product_id
                                JOIN product_template t ON t.id = p.product_tmpl_id
                               WHERE c.product_id = l.product_id AND t.type = 'service')))))
            """
        )
