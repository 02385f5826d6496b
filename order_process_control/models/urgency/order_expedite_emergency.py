from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.misc import format_datetime

from ..order.process_token import as_process, is_process
from ..review import activities
from .order_expedite_confirmation import PARTS


class OrderExpedite(models.Model):
    """Emergency shipment (R-058, R-158 .. R-169): the customer's need, the supply and the shipment
    are confirmed one after the other; the salesperson is the first responsible.

    The supply's confirmation is what authorises to hurry the order; stock that is reserved for
    others is taken only by the round that every expedite has.
    """

    _inherit = "order.expedite"

    state = fields.Selection(
        selection_add=[("not_met", "Not Met")], ondelete={"not_met": "cascade"}
    )
    emergency_state = fields.Selection(
        [
            *PARTS,
            ("confirmed", "All Confirmed"),
            ("not_met", "Cannot be Met"),
            ("closed", "Closed, not Met"),
            ("cancelled", "Cancelled"),
        ],
        string="Emergency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What is to be confirmed next, or how it ended.",
    )
    supply_department_id = fields.Many2one(
        "hr.department",
        string="Goods Confirmed by",
        check_company=True,
        compute="_compute_supply_department_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', supply_choice_ids)]",
        help="Production or purchasing: says whether the goods can be ready in time.",
    )
    shipping_department_id = fields.Many2one(
        "hr.department",
        string="Shipment Confirmed by",
        check_company=True,
        compute="_compute_shipping_department_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', shipping_choice_ids)]",
        help="Logistics: chooses transport and route.",
    )
    supply_choice_ids = fields.Many2many("hr.department", compute="_compute_department_choices")
    shipping_choice_ids = fields.Many2many("hr.department", compute="_compute_department_choices")
    confirmation_ids = fields.One2many(
        "order.expedite.confirmation",
        "expedite_id",
        string="Confirmations",
        readonly=True,
        copy=False,
    )
    is_hurried = fields.Boolean(
        readonly=True, copy=False, help="It made its order urgent when the supply was confirmed."
    )
    needs_queue_jump = fields.Boolean(compute="_compute_needs_queue_jump")
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "emergency_state",
            "confirmation_ids",
            "is_hurried",
        }

    @api.model
    def _get_request_fields(self):
        return super()._get_request_fields() | {"supply_department_id", "shipping_department_id"}

    @api.depends("order_id")
    def _compute_supply_department_id(self):
        for expedite in self:
            # sudo: settings of the company, for who requests
            company = expedite.sudo().order_id.company_id
            expedite.supply_department_id = company.order_supply_department_ids[:1]

    @api.depends("order_id")
    def _compute_shipping_department_id(self):
        for expedite in self:
            # sudo: settings of the company, for who requests
            company = expedite.sudo().order_id.company_id
            expedite.shipping_department_id = company.order_shipping_department_ids[:1]

    @api.depends("order_id")
    def _compute_department_choices(self):
        for expedite in self:
            # sudo: the setting of a company that a salesperson does not read
            # sudo: settings of the company, for who requests
            company = expedite.sudo().order_id.company_id
            expedite.supply_choice_ids = company.order_supply_department_ids.sudo(False)
            expedite.shipping_choice_ids = company.order_shipping_department_ids.sudo(False)

    @api.depends("kind", "confirmation_ids.source", "confirmation_ids.state")
    def _compute_needs_queue_jump(self):
        for expedite in self:
            # sudo: whether there is something to simulate
            supply = expedite.sudo()._get_confirmation("supply")
            expedite.needs_queue_jump = expedite.kind == "queue" or supply.source == "reserved"

    @api.depends("emergency_state")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        """For the screen only: what is refused is decided by :meth:`_check_may_answer`."""
        for expedite in self:
            # sudo: the rows of an expedite that the user reads
            row = expedite.sudo()._get_confirmation(expedite.emergency_state)
            is_asked = row.state == "asked" and bool(expedite._origin)
            expedite.can_confirm = is_asked and (
                self.env.user in row._get_people()
                or (row.part == "need" and expedite._origin.has_access("write"))
            )

    def _get_confirmation(self, part):
        """Return the last row of a part, as it stands."""
        self.ensure_one()
        return self.confirmation_ids.filtered(lambda row: row.part == part)[-1:]

    # === BEGINNING ===#

    @api.model_create_multi
    def create(self, vals_list):
        expedites = super().create(vals_list)
        expedites.filtered(lambda e: e.kind == "emergency")._start_emergency()
        return expedites

    def write(self, vals):
        begun = self.filtered("emergency_state")
        if not is_process(self.env):
            begun._check_begun(vals)
        result = super().write(vals)
        if vals.get("kind") == "emergency":
            (self - begun)._start_emergency()
        return result

    def _check_begun(self, vals):
        """:raise UserError: for what cannot be edited any more once departments are asked"""
        if vals.get("kind", "emergency") != "emergency" and self:
            raise UserError(
                self.env._(
                    "People were asked to confirm this emergency: cancel it and request another"
                    " expedite instead."
                )
            )
        asked = {
            "supply_department_id": ("need",),
            "shipping_department_id": ("need", "supply"),
            "needed_by": ("need",),
        }
        for name, states in asked.items():
            late = self.filtered(
                lambda e, name=name, states=states: name in vals and e.emergency_state not in states
            )
            if late:
                raise UserError(
                    self.env._(
                        "%(field)s: it was confirmed or asked for on that basis already. Say that"
                        " it cannot be met, and ask again.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.constrains("supply_department_id", "shipping_department_id")
    def _check_departments(self):
        """Departments are those of the settings: nobody chooses whom they like to confirm.

        :raise UserError: names the department
        """
        # sudo: settings of the company, whoever writes
        for expedite in self.sudo():
            company = expedite.company_id
            wrong = expedite.supply_department_id - company.order_supply_department_ids
            wrong |= expedite.shipping_department_id - company.order_shipping_department_ids
            if wrong:
                raise UserError(
                    self.env._(
                        "%s does not confirm emergency shipments: choose another department, or ask"
                        " your administrator to enter it in the settings.",
                        wrong[0].name,
                    )
                )

    def _start_emergency(self):
        """Ask the first responsible to confirm the need; where the order must be accepted all
        departments know at once (R-167)."""
        if not self:
            return
        # sudo: rows that nobody may write, of expedites that the user may request
        expedites = self.sudo()
        self.env["order.ledger"]._lock(expedites.order_id)
        rows = expedites.confirmation_ids._insert_rows(
            [vals for expedite in expedites for vals in expedite._prepare_confirmations()]
        )
        as_process(expedites).write({"emergency_state": "need"})
        expedites.invalidate_recordset(["confirmation_ids"])
        rows.filtered(lambda row: row.part == "need")._ask()
        expedites._log_emergency("emergency_started")
        must = expedites.filtered("order_id.is_must_accept")
        activities.schedule(self.env, [task for e in must for task in e._prepare_told_tasks()])

    def _prepare_confirmations(self, parts=("need", "supply", "shipment")):
        self.ensure_one()
        departments = {
            "need": self.order_id.team_id.browse(),
            "supply": self.supply_department_id,
            "shipment": self.shipping_department_id,
        }
        return [
            {
                "expedite_id": self.id,
                "order_id": self.order_id.id,
                "company_id": self.company_id.id,
                "part": part,
                "department_id": departments[part].id,
                "state": "waiting",
            }
            for part in parts
        ]

    def _prepare_told_tasks(self):
        """Return one task for everybody of the departments concerned, ahead of being asked."""
        people = self._get_departments_users()
        for row in self.confirmation_ids.filtered(lambda row: row.part != "need"):
            people |= row._get_people()
        return [
            {
                "record": self,
                "kind": "emergency_told",
                "summary": self.env._(
                    "%s must be accepted and is an emergency: get ready", self.order_id.name
                ),
                "note": self._get_emergency_sentence(user),
                "user_id": user.id,
            }
            for user in people - self._get_first_responsible()
        ]

    def _get_first_responsible(self):
        """Return the salesperson, who coordinates the others (R-161)."""
        self.ensure_one()
        salesperson = self.order_id.user_id.filtered("active")
        return salesperson or self.create_uid

    def _get_own_people(self):
        """Return who asks, and hence does not confirm for the others."""
        self.ensure_one()
        return self.editor_ids | self.order_id.user_id

    def _get_emergency_sentence(self, reader=None):
        """Return who needs it when and why; the moment as it is where ``reader`` lives."""
        self.ensure_one()
        tz = (reader or self.env.user).tz
        return self.env._(
            "%(customer)s needs it by %(day)s: %(reason)s",
            customer=self.partner_id.display_name or "",
            day=format_datetime(self.env, self.needed_by, tz=tz, dt_format="short"),
            reason=self.reason or "",
        )

    # === HELP ===#

    def _log_emergency(self, kind):
        self.env["order.ledger"]._append(
            [(e.order_id, kind, {"expedite": e.id, "by": self.env.uid}) for e in self]
        )

    def _plan_emergency_task(self, kind, summary):
        """Put on the list of the first responsible what there is to know or to do."""
        activities.schedule(
            self.env,
            [
                {
                    "record": expedite,
                    "kind": kind,
                    "summary": f"{expedite.order_id.name} ({expedite.name}): {summary}",
                    "note": expedite._get_emergency_sentence(expedite._get_first_responsible()),
                    "user_id": expedite._get_first_responsible().id,
                }
                for expedite in self
            ],
        )

    def _prepare_goods_text(self):
        """Return what is still to be delivered, as the proposal for what the customer needs."""
        self.ensure_one()
        # sudo: the lines of the order whose emergency the user reads
        lines = self.sudo().order_id.order_line.filtered(
            lambda line: line.product_id.type == "consu"
            and line.product_uom_qty > line.qty_delivered
        )
        return "\n".join(
            f"{formatLang(self.env, line.product_uom_qty - line.qty_delivered, dp='Product Unit')}"
            f" {line.product_uom_id.name} {line.product_id.display_name}"
            for line in lines
        )
