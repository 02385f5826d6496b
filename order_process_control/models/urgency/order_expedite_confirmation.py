from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ..review import activities

PARTS = [
    ("need", "Customer's Need"),
    ("supply", "Production or Purchasing"),
    ("shipment", "Shipment"),
]
SOURCES = [
    ("stock", "Free Stock"),
    ("reserved", "Stock Reserved for Others"),
    ("plan", "Production Plan Adjusted"),
    ("supplier", "Supplier has Agreed"),
]
TRANSPORT_MODES = [
    ("road", "Road"),
    ("courier", "Courier"),
    ("rail", "Rail"),
    ("air", "Air"),
    ("sea", "Sea"),
    ("pickup", "Fetched by the Customer"),
]


class OrderExpediteConfirmation(models.Model):
    """What one side says of an emergency shipment (R-158 .. R-162): who, when, and with what
    result. What was declined stays when another department is asked."""

    _name = "order.expedite.confirmation"
    _description = "Emergency Confirmation"
    _inherit = "order.kept.mixin"
    _order = "id"
    _rec_name = "part"

    expedite_id = fields.Many2one(
        "order.expedite", required=True, readonly=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    part = fields.Selection(PARTS, string="What", required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("asked", "Asked"),
            ("confirmed", "Confirmed"),
            ("declined", "Cannot be Met"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
    )
    asked_at = fields.Datetime(string="Asked On", readonly=True)
    answered_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    promised_at = fields.Datetime(
        string="Promised By",
        readonly=True,
        help="When the customer needs the goods, when they are ready, when they arrive.",
    )
    goods = fields.Text(
        string="Goods and Quantities", readonly=True, help="As agreed with the customer."
    )
    source = fields.Selection(SOURCES, string="Where from", readonly=True)
    transport_mode = fields.Selection(TRANSPORT_MODES, string="Transport", readonly=True)
    route = fields.Char(readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="set null")
    note = fields.Text(readonly=True)
    result = fields.Text(compute="_compute_result", help="What was said, in words.")
    people = fields.Char(
        string="Answers", compute="_compute_people", help="Who is asked, or has answered."
    )

    @api.depends("state")
    @api.depends_context("lang", "tz")
    def _compute_result(self):
        for confirmation in self:
            confirmation.result = "\n".join(filter(None, confirmation._get_words()))

    def _get_words(self):
        """Return what was said, line by line."""
        self.ensure_one()
        names = {
            name: dict(self._fields[name]._description_selection(self.env)).get(self[name])
            for name in ("source", "transport_mode")
        }
        day = self.promised_at and format_datetime(self.env, self.promised_at, dt_format="short")
        words = [self.goods, names["source"]]
        if self.transport_mode:
            words.append(
                self.env._(
                    "%(mode)s: %(route)s", mode=names["transport_mode"], route=self.route or ""
                )
            )
        if day:
            labels = {
                "need": self.env._("Needed by %s", day),
                "supply": self.env._("Ready on %s", day),
                "shipment": self.env._("Arrives on %s", day),
            }
            words.append(labels[self.part])
        # sudo: the name of a carrier
        return [*words, self.carrier_id.sudo().name, self.note]

    @api.depends("state", "answered_by", "department_id")
    def _compute_people(self):
        for confirmation in self:
            # sudo: who reads the emergency sees whom it waits for
            own = confirmation.sudo()
            people = own.answered_by
            if own.state == "asked":
                people = own._get_people().sudo()
            confirmation.people = ", ".join(people.mapped("name"))

    # === WHO ANSWERS (as superuser) ===#

    def _get_people(self):
        """Return who may answer for this part: the salesperson for the need, the department for
        its own, and the process manager where nobody else is left (nobody is stuck)."""
        self.ensure_one()
        expedite = self.expedite_id
        if self.part == "need":
            return expedite._get_first_responsible()
        users = self._get_department_people()
        deputies = self.env["order.deputy"]._get_deputies(users, self.company_id)
        users = users.union(*deputies.values())
        entitled = users.filtered(self._is_entitled) - expedite._get_own_people()
        return entitled or self.company_id.order_process_manager_id

    def _get_department_people(self):
        department = self.department_id
        members = department._get_signing_users().get(department.sudo(False))
        # sudo: colleagues, whether the user may read them or not
        return (members or self.env["res.users"]).sudo() | department.manager_id.user_id

    def _is_entitled(self, user):
        return (
            user.active
            and self.company_id in user.company_ids
            and user.has_group("order_process_control.group_order_reviewer")
        )

    # === BEING ASKED AND ANSWERING (as superuser) ===#

    def _ask(self):
        """Let these parts be answered now: their people have it on their lists."""
        now = fields.Datetime.now()
        self._update_rows([{"state": "asked", "asked_at": now}] * len(self))
        tasks = [task for row in self for task in row._prepare_tasks()]
        people = [task["user_id"] for task in tasks]
        if people:
            # They were told to get ready; now it is their turn
            activities.close(self.expedite_id, kinds=["emergency_told"], user_ids=people)
        activities.schedule(self.env, tasks)

    def _prepare_tasks(self):
        self.ensure_one()
        expedite = self.expedite_id
        summaries = {
            "need": self.env._("%s: confirm quantity, kind and time with the customer"),
            "supply": self.env._("%s: can the goods be ready in time?"),
            "shipment": self.env._("%s: by which transport do they arrive in time?"),
        }
        return [
            {
                "record": expedite,
                "kind": "emergency_asked",
                "summary": summaries[self.part] % f"{expedite.order_id.name} ({expedite.name})",
                "note": expedite._get_emergency_sentence(user),
                "user_id": user.id,
            }
            for user in self._get_people()
        ]

    def _answer(self, vals):
        """Record an answer of the user and take the task from everybody's list."""
        stamp = {"answered_by": self.env.uid, "answered_at": fields.Datetime.now()}
        self._update_rows([{**vals, **stamp}] * len(self))
        activities.close(self.expedite_id, kinds=["emergency_asked"])

    def _cancel(self):
        """Nobody need answer any more."""
        open_rows = self.filtered(lambda row: row.state in ("waiting", "asked"))
        open_rows._update_rows([{"state": "cancelled"}] * len(open_rows))
        activities.close(self.expedite_id, kinds=["emergency_asked"])
