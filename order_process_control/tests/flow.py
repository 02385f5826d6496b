"""A file of orders on its way from the import to the delivery, played by the demo users.

``make demo-flow`` and ``review/test_demo_flow.py`` both use it. Everything is done through the
methods behind the buttons, with the rights of the person who would press them.
"""

import csv
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

ADDON = "order_process_control"
SAMPLE_FILE = f"{ADDON}/demo/sample_orders.csv"

# Columns of the file that Odoo does not know. A promised date would soon lie in the past, so the
# file says in how many days instead; the others tell the departments and the salesperson of the
# play what to do.
DAYS_COLUMN = "promised_in_days"
PLAY_COLUMNS = ("rejected_by", "rejection_reason", "agreed_in_days")

SIGNERS = ("sales_manager", "finance", "production", "logistics", "general_manager")
APPROVED_BY = "approved by "
DOUBT_COMMENT = "What is there goes out, the rest follows as soon as it is in stock."

# What the stock count finds at the beginning, beyond all that is promised to others already
FREE_STOCK = {
    "product_table": 60,
    "product_chair": 700,
    "product_filing_cabinet": 50,
    "product_lamp": 40,
    "product_booth": 4,
}

OUTCOMES = {
    "not_imported": "could not be imported",
    "not_submitted": "could not be submitted",
    "in_review": "still in review",
    "rejected": "rejected",
    "not_confirmed": "could not be confirmed",
    "delivered": "delivered",
    "partly_delivered": "delivered in part",
    "waiting": "waiting for stock",
    "done": "confirmed, nothing to ship",
}
SHIPPING_OUTCOMES = ("delivered", "partly_delivered", "waiting")
UNEXPECTED_OUTCOMES = ("in_review", "not_confirmed")


@dataclass
class OrderCase:
    """One order of the file: its rows, what became of it, and how, in words."""

    row: dict
    cells: list = field(default_factory=list)
    order: object = None
    has_been_rejected: bool = False
    refusal: str = ""
    story: list = field(default_factory=list)
    outcome: str = ""

    @property
    def reference(self):
        return self.row["client_order_ref"]

    def tell(self, text):
        self.story.append(" ".join(str(text).split()))

    def tell_approval(self, name):
        """Add to "approved by ...", if that is what was told last."""
        if self.story and self.story[-1].startswith(APPROVED_BY):
            self.story[-1] += f", {name}"
        else:
            self.tell(APPROVED_BY + name)


class OrderFlow:
    """Play a file of orders.

    :param env: environment of the superuser; each act switches to the user who does it
    :param str run: tells the orders of one run from those of the others
    """

    def __init__(self, env, run=None, file=SAMPLE_FILE):
        self.env = env
        self.run = run or fields.Datetime.to_string(fields.Datetime.now())
        self.file = file
        self.cases = []

    def play(self, after_act=None):
        """Play the whole file.

        :param after_act: called after each act; ``make demo-flow`` commits here
        :return: the cases, one for each order of the file, with their outcome
        """
        self.read_file()
        # The file holds the orders of a month: on one day they would look like split orders
        company, split_days = self.env.company, self.env.company.order_split_days
        company.order_split_days = 0
        for act in (
            self.count_stock,
            self.import_orders,
            self.submit,
            self.decide,
            self.mend,
            self.decide,
            self.confirm,
            self.deliver,
        ):
            act()
            if after_act:
                after_act()
        company.order_split_days = split_days
        return self.report()

    # === WHO AND WHAT ===#

    def _as(self, model, login):
        """Return ``model`` as the demo user sees it."""
        user = self.env.ref(f"{ADDON}.user_demo_{login}")
        return self.env[model].with_user(user).with_company(user.company_id)

    @property
    def imported(self):
        return [case for case in self.cases if case.order]

    @property
    def orders(self):
        return self._as("sale.order", "salesperson").concat(*(c.order for c in self.imported))

    def _case_of(self, order):
        return next(case for case in self.imported if case.order.id == order.id)

    def _try(self, case, method):
        """Call ``method`` of the order; a refusal stops nobody else.

        :return: the refusal in words, empty if it worked
        """
        try:
            with self.env.cr.savepoint():
                getattr(case.order, method)()
        except UserError as refusal:
            return str(refusal).removeprefix(f"{case.order.name}: ")
        return ""

    # === THE ACTS ===#

    def count_stock(self):
        """The warehouse counts: as much is free as the play needs, however often it is played."""
        quants = self._as("stock.quant", "warehouse").with_context(inventory_mode=True)
        location = self.env.ref("stock.warehouse0").lot_stock_id
        for name, free in FREE_STOCK.items():
            product = self.env.ref(f"{ADDON}.{name}").with_context(location=location.id)
            quants.create(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "inventory_quantity": product.outgoing_qty + free,
                }
            ).action_apply_inventory()

    def read_file(self):
        """Read the file: a row without id continues the order above, as in Odoo's own import."""
        with open(file_path(self.file), encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            self.columns = [name for name in reader.fieldnames if name not in PLAY_COLUMNS]
            for row in reader:
                if row["id"]:
                    self.cases.append(OrderCase(row))
                self.cases[-1].cells.append([self._get_cell(row, name) for name in self.columns])

    def _get_cell(self, row, name):
        value = row[name]
        if not row["id"]:
            return value
        if name == "id":
            return f"__import__.{value}_{''.join(filter(str.isdigit, self.run))}"
        if name == "client_order_ref":
            return f"{value} ({self.run})"
        if name == DAYS_COLUMN:
            return self._get_date(value)
        return value

    def _get_date(self, days):
        """Return a date of the file as Odoo's import reads it."""
        date = fields.Datetime.now() + timedelta(days=int(days))
        return date.strftime("%Y-%m-%d 14:00:00")

    def import_orders(self):
        """The salesperson imports the file; orders that Odoo cannot read are left out and told.

        Odoo imports all or nothing and says which rows are wrong.
        """
        names = ["commitment_date" if name == DAYS_COLUMN else name for name in self.columns]
        waiting = self.cases
        while waiting:
            rows = [(case, cells) for case in waiting for cells in case.cells]
            # Odoo tries to save even an order whose customer it did not find
            with mute_logger("odoo.sql_db"):
                result = self._as("sale.order", "salesperson").load(
                    names, [cells for _case, cells in rows]
                )
            if result["ids"]:
                orders = self._as("sale.order", "salesperson").browse(result["ids"])
                for case, order in zip(waiting, orders, strict=True):
                    case.order = order
                return
            bad = []
            for message in result["messages"]:
                case = rows[message["rows"]["from"]][0]
                if case not in bad:
                    case.tell(message["message"])
                    bad.append(case)
            waiting = [case for case in waiting if case not in bad]

    def submit(self):
        """The salesperson submits what has to be reviewed."""
        for case in self.imported:
            if case.order.review_state == "not_required":
                case.tell("no review needed")
            else:
                self._write_down(case.order)
                case.tell(self._try(case, "action_request_review") or "submitted")

    def _write_down(self, order):
        """What was ordered by word of mouth is written down and confirmed by both sides."""
        if order.is_oral:
            record = order.oral_record_ids.create(
                {
                    "order_id": order.id,
                    "caller_name": order.partner_id.name,
                    "content": "\n".join(
                        f"{line.product_uom_qty:g} x {line.name}" for line in order.order_line
                    )
                    or "Nothing yet",
                }
            )
            record.action_confirm_ours()
            record.action_confirm_customer(order.partner_id.name, "phone")

    def decide(self):
        """Everybody signs what is theirs, until nobody has anything left to sign."""
        while any([self._sign_as(login) for login in SIGNERS]):
            continue

    def _sign_as(self, login):
        """Sign what this user can sign now: reject what the play says, approve the rest in one go.

        :return: whether there was anything
        """
        signoffs = self._as("order.signoff", login).search(
            [("can_decide", "=", True), ("order_id", "in", self.orders.ids)]
        )
        rejected = signoffs.filtered(self._is_to_reject)
        for signoff in rejected:
            case = self._case_of(signoff.order_id)
            signoff.action_reject(case.row["rejection_reason"])
            case.has_been_rejected = True
            case.tell(f"{signoff.name} rejected: {signoff.comment}")
        doubtful = (signoffs - rejected).filtered(
            lambda signoff: {"fail", "unknown"} & set(signoff.answer_ids.mapped("result"))
        )
        self._approve(signoffs - rejected - doubtful, False)
        self._approve(doubtful, DOUBT_COMMENT)
        return bool(signoffs)

    def _is_to_reject(self, signoff):
        case = self._case_of(signoff.order_id)
        return case.row["rejected_by"] == signoff.name and not case.has_been_rejected

    def _approve(self, signoffs, comment):
        answers = signoffs.answer_ids.filtered(lambda answer: answer.kind == "manual")
        if signoffs:
            signoffs.action_approve(
                comment, [{"id": answer.id, "result": "pass"} for answer in answers]
            )
        for signoff in signoffs:
            note = " in spite of the stock check" if comment else ""
            self._case_of(signoff.order_id).tell_approval(signoff.name + note)

    def mend(self):
        """Where the customer agrees on another date, the salesperson submits the order again."""
        for case in self.imported:
            days = case.row["agreed_in_days"]
            if days and case.order.review_state == "rejected":
                case.order.commitment_date = self._get_date(days)
                refusal = self._try(case, "action_request_review")
                case.tell(refusal or f"submitted again for delivery in {days} days")

    def confirm(self):
        """The salesperson tries to confirm every single order: the gate sorts them out."""
        for case in self.imported:
            case.refusal = self._try(case, "action_confirm")
            case.tell("confirmation refused" if case.refusal else "confirmed")

    def deliver(self):
        """The warehouse ships what is in stock; the rest stays on a backorder."""
        pickings = self._as("stock.picking", "warehouse").search(
            [("sale_id", "in", self.orders.ids), ("state", "not in", ("done", "cancel"))],
            order="id",
        )
        for picking in pickings.filtered(lambda picking: picking.state == "assigned"):
            self._ship(picking)
            self._case_of(picking.sale_id).tell(f"{picking.name} shipped")

    def _ship(self, picking):
        """Validate one delivery, and say yes to a backorder when Odoo asks."""
        # skip_sms: the demo must not try to send text messages to invented numbers
        action = picking.with_context(skip_sms=True).button_validate()
        if isinstance(action, dict):
            wizard = self._as(action["res_model"], "warehouse").with_context(**action["context"])
            wizard.create({}).process()

    # === WHAT BECAME OF IT ===#

    def report(self):
        """Name the outcome of every case, say what is still to be shipped, and return them all."""
        for case in self.cases:
            case.outcome = self._get_outcome(case)
            missing = self.get_missing(case.order) if case.outcome in SHIPPING_OUTCOMES else {}
            if missing:
                goods = ", ".join(f"{quantity:g} {name}" for name, quantity in missing.items())
                case.tell(f"to be shipped: {goods}")
            if case.outcome in UNEXPECTED_OUTCOMES:
                case.tell(case.refusal)
        return self.cases

    @staticmethod
    def get_missing(order):
        """Return ``{product name: quantity}`` of the goods that were not delivered."""
        lines = order.order_line.filtered(lambda line: line.product_id.type == "consu")
        missing = {}
        for line in lines:
            quantity = line.product_uom_qty - line.qty_delivered
            if quantity:
                missing[line.product_id.name] = missing.get(line.product_id.name, 0) + quantity
        return missing

    def _get_outcome(self, case):
        order = case.order
        if not order:
            return "not_imported"
        if order.state == "sale":
            return {
                "full": "delivered",
                "started": "partly_delivered",
                "partial": "partly_delivered",
                "pending": "waiting",
            }.get(order.delivery_status, "done")
        return {
            "to_submit": "not_submitted",
            "in_review": "in_review",
            "rejected": "rejected",
        }.get(order.review_state, "not_confirmed")

    def get_lines(self):
        """Return one line of text for each order."""
        return [
            "  ".join(
                [
                    f"{case.order.name if case.order else '-':8}",
                    f"{case.reference:14}",
                    f"{case.row['partner_id']:18}",
                    f"{case.order.class_id.name if case.order else '-':8}",
                    f"{OUTCOMES[case.outcome]}: {'; '.join(case.story)}",
                ]
            )
            for case in self.cases
        ]

    def get_summary(self):
        """Return the number of orders for each outcome, as lines of text."""
        outcomes = [case.outcome for case in self.cases]
        return [
            *(
                f"{outcomes.count(outcome):4}  {text}"
                for outcome, text in OUTCOMES.items()
                if outcome in outcomes
            ),
            f"{len(outcomes):4}  orders in the file",
        ]
