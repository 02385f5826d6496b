from datetime import datetime, timedelta

from freezegun.api import freeze_time

from odoo.fields import Command

from ..after_sales.common import TicketCommon
from ..common import without_commits

# A Monday morning; walks only ever go forward from here
START = datetime(2030, 1, 7, 9, 0)
# Who may try everything. "right" stands for whoever is entitled, where somebody is.
PEOPLE = (
    "salesperson",
    "other_salesperson",
    "sales_manager",
    "finance_user",
    "finance_user2",
    "production_user",
    "approver",
    "stock_user",
    "agent",
    "agent2",
    "leader",
    "expert",
    "process_manager",
    "auditor",
    "employee",
    "client",
)
# Those of them who have the right to sign
SIGNERS = (
    "finance_user",
    "finance_user2",
    "production_user",
    "approver",
    "sales_manager",
    "process_manager",
)
# Of which a walk looks at what it has made itself
WALKED = (
    "account.move",
    "mail.activity",
    "order.change",
    "order.deadline",
    "order.deputy",
    "order.expedite",
    "order.ledger",
    "order.review",
    "order.signoff",
    "order.signoff.question",
    "order.signoff.vote",
    "order.ticket",
    "order.ticket.line",
    "order.ticket.part",
    "repair.order",
    "sale.order",
    "stock.picking",
)
# They have no right to change anything, whatever they call
ONLOOKERS = ("auditor", "employee")


class WalkCommon(TicketCommon):
    """A company in which everything can happen: three departments that sign what is not small,
    two that are also salespeople, a ticket desk, a limit on refunds, a customer in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(START, ignore=["hypothesis"])
        cls.frozen = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls._set_up_people()
        cls._set_up_steps()
        cls.product.invoice_policy = cls.lamp.invoice_policy = "delivery"
        cls._stock(cls.product, 40)
        cls._stock(cls.lamp, 15)
        cls.team.close_after_days = 3
        cls.company.ticket_refund_limit = 100
        cls.customers = cls.customer | cls.env["res.partner"].create({"name": "Other Customer"})
        cls.env.flush_all()
        cls.last_ids = {
            model: max(cls.env[model].with_context(active_test=False).search([]).ids, default=0)
            for model in WALKED
        }

        # {id of an activity type of ours: its kind}
        prefix = "mail_activity_type_"
        names = cls.env["ir.model.data"].search(
            [("model", "=", "mail.activity.type"), ("module", "=", "order_process_control")]
        )
        cls.kinds = {name.res_id: name.name.removeprefix(prefix) for name in names}

    @classmethod
    def _set_up_people(cls):
        cls.approver = cls._create_user("opc_approver", cls._group("reviewer"))
        cls.managers = cls.env.ref(cls._group("manager")).all_user_ids
        cls.stock_user = cls._create_user("opc_stock", "stock.group_stock_user")
        cls.client = cls._portal_user(cls.contact)
        # Who signs and sells as well is the one who could sign their own
        cls.finance_user2.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.management = cls._create_department("Management", cls.approver | cls.sales_manager)
        cls.sales_manager.group_ids |= cls.env.ref(cls._group("reviewer"))

    @classmethod
    def _set_up_steps(cls):
        cls._create_step(
            "Finance",
            cls.finance,
            condition_domain="[('amount_untaxed', '>', 150)]",
            watched_aspects="customer,price,addresses,class",
            subjects="order,refund",
            tolerance_percent=5,
        )
        cls._create_step(
            "Production",
            cls.production,
            condition_domain="[('amount_untaxed', '>', 150)]",
            watched_aspects="goods,dates",
        )
        cls._create_step(
            "Approval",
            cls.management,
            sequence=20,
            condition_domain="[('amount_untaxed', '>', 900)]",
            decision_rule="all",
            is_final=True,
        )

    # === TIME ===#

    @classmethod
    def _set_time(cls, moment):
        """Let it be ``moment``, for Python and for the transaction as the database knows it."""
        cls.frozen.move_to(moment)
        cls.env.cr._now = moment

    @classmethod
    def _scan_deadlines(cls):
        """What the scheduled actions do; their commits are the test runner's business."""
        deadlines = cls.env["order.deadline"].sudo()
        while deadlines._scan_batch(100):
            continue
        with without_commits(cls.env):
            cls.env["order.ticket"].sudo()._cron_close_silent()

    @classmethod
    def _follow_absences(cls):
        cls.env["order.deputy"].sudo()._cron_follow()
        cls.env.flush_all()

    # === DOCUMENTS ===#

    @classmethod
    def _ship_all(cls, picking, share):
        """Validate a transfer: all that is reserved, or one unit of each."""
        picking.action_assign()
        for move in picking.move_ids.filtered(lambda m: m.state not in ("done", "cancel")):
            there = move.quantity
            move.quantity = there if share else min(there, 1.0)
            move.picked = bool(move.quantity)
        if any(picking.move_ids.mapped("picked")):
            picking.with_context(
                skip_backorder=True, skip_sms=True, picking_ids_not_to_backorder=[]
            ).button_validate()

    @classmethod
    def _line_commands(cls, *lines):
        return [
            Command.create({"product_id": product.id, "product_uom_qty": quantity})
            for product, quantity in lines
        ]


class Story:
    """What the walker remembers by itself, so that it is not judged by the code it judges."""

    def __init__(self):
        self.now = START
        # {order id: ids of the users who wrote what is promised}
        self.authors = {}
        # {request: the same}, by (model, id)
        self.request_authors = {}
        # {vote id: what the signer could see}
        self.seen = {}
        # {sign-off id: (id of the delegate, until when)}
        self.delegations = {}
        self.known_votes = set()
        self.known_reviews = set()
        self.order_states = {}
        # {ledger id: the hash to which its chain was verified}
        self.heads = {}
        self.ticket_states = {}

    def note_author(self, order, user):
        self.authors.setdefault(order.id, set()).add(user.id)

    def note_request_author(self, request, user):
        self.request_authors.setdefault((request._name, request.id), set()).add(user.id)

    def go(self, **delta):
        self.now += timedelta(**delta)
        return self.now


def get_facts(order):
    """Return what a person sees that an order promises, read without the code of the review."""
    lines = order.order_line.filtered(lambda line: not line.display_type)
    return {
        "customer": order.partner_id.id,
        "delivery": order.partner_shipping_id.id,
        "terms": order.payment_term_id.id,
        "seller": order.user_id.id,
        "date": order.commitment_date,
        "goods": sorted((line.product_id.id, line.product_uom_qty) for line in lines),
        "price": round(sum(lines.mapped("price_subtotal")), 2),
    }
