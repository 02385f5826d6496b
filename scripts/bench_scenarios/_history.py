"""Years of finished reviews, inserted by SQL, beside what is open today."""

from ._orders import get_user, new_orders

FINISHED = 50_000
DEPARTMENTS = 5
COLLEAGUES = 4
SELLERS = 5
SIGNOFFS = 3
OPEN = 60

_TABLES = {
    "sale.order": "sale_order",
    "sale.order.line": "sale_order_line",
    "order.review": "order_review",
    "order.signoff": "order_signoff",
    "order.signoff.vote": "order_signoff_vote",
    "order.signoff.answer": "order_signoff_answer",
    "mail.activity": "mail_activity",
    "order.ledger": "order_ledger",
    "order.event": "order_event",
}


def get_people(env):
    """Five departments of four reviewers each, and five salespeople."""
    group = "order_process_control.group_order_reviewer"
    reviewers = [
        get_user(env, f"bench_colleague_{number}", group)
        for number in range(DEPARTMENTS * COLLEAGUES)
    ]
    sellers = [
        get_user(env, f"bench_seller_{number}", "sales_team.group_sale_salesman")
        for number in range(SELLERS)
    ]
    return [list(team) for team in _teams(reviewers)], sellers


def _teams(reviewers):
    return [reviewers[start : start + COLLEAGUES] for start in range(0, len(reviewers), COLLEAGUES)]


def open_today(env):
    """What is open, with a history and without: orders in review, and others to submit.

    :return: (a reviewer, a salesperson)
    """
    teams, sellers = get_people(env)
    if not env["hr.department"].search([("name", "=", "Bench department 0")]):
        departments = env["hr.department"].create(
            [{"name": f"Bench department {number}"} for number in range(DEPARTMENTS)]
        )
        env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "department_id": department.id}
                for department, team in zip(departments, teams, strict=True)
                for user in team
            ]
        )
        steps = env["order.review.step"]
        steps.search([]).action_archive()
        steps.create(
            [
                {
                    "name": department.name,
                    "department_id": department.id,
                    "criterion_ids": [(0, 0, {"name": "Is it possible?"}), (0, 0, {"name": "Ok?"})],
                }
                for department in departments
            ]
        )
        for seller in sellers:
            orders = new_orders(env, seller, 2 * OPEN // SELLERS)
            orders[: OPEN // SELLERS].action_request_review()
    return teams[0][0], sellers[0]


def fill(env):
    """Insert the finished reviews, once: three sign-offs each, decided by one of the four of each
    department, with votes, answers, archived activities and ledger."""
    if env["order.review"].search_count([("state", "=", "approved")], limit=FINISHED) >= FINISHED:
        return
    Filler(env).run()


class Filler:
    """Copies one review that really took place."""

    def __init__(self, env):
        self.env = env
        self.teams, self.sellers = get_people(env)
        self.departments = env["hr.department"].search(
            [("name", "like", "Bench department")], order="name"
        )
        self.base = {}

    def run(self):
        order = self.play_one()
        review = order.current_review_id
        signoff = review.signoff_ids[0]
        self.partners = self.env["res.partner"].create(
            [{"name": f"Bench customer {number}"} for number in range(500)]
        )
        for model, table in _TABLES.items():
            self.env.cr.execute(f"SELECT max(id) + 1000 FROM {table}")
            self.base[model] = self.env.cr.fetchone()[0]
        self.copy_orders(order, review)
        self.copy_signoffs(signoff)
        self.copy_activities(signoff)
        self.copy_ledger(order)
        for table in _TABLES.values():
            self.env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE")
        self.env.cr.commit()
        self.env.invalidate_all()

    def play_one(self):
        """An order that is reviewed by everybody and confirmed, with all rows that leaves."""
        order = new_orders(self.env, self.sellers[0], 1)
        order.action_request_review()
        for team in self.teams:
            signoffs = order.sudo().current_review_id.signoff_ids
            own = signoffs.filtered(lambda s, team=team: team[0] in s.candidate_ids)
            answers = [{"id": answer.id, "result": "pass"} for answer in own.answer_ids]
            own.with_user(team[0]).action_approve(answers=answers)
        order.action_confirm()
        self.env.flush_all()
        return order.sudo()

    # === ROWS ===#

    def copy(self, model, source, per, values):
        """Insert ``per`` copies of ``source`` for each finished review.

        :param dict values: SQL by column; ``g`` numbers the reviews, ``n`` the copies of one
        """
        table = _TABLES[model]
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        values = {"id": f"{self.base[model]} + {per} * (g - 1) + n", **values}
        columns = [name for (name,) in self.env.cr.fetchall()]
        chosen = ", ".join(values.get(name, f'source."{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        self.env.cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} AS source,"
            f" generate_series(1, {FINISHED}) AS g, generate_series(0, {per - 1}) AS n"
            f" WHERE source.id = {source.id}"
        )
        # Else the foreign keys of what follows are looked up as if this table were small
        self.env.cr.execute(f"ANALYZE {table}")

    def one_to_one(self, model):
        return f"{self.base[model]} + g - 1"

    @staticmethod
    def pick(records, number):
        ids = ", ".join(str(id_) for record in records for id_ in record.ids)
        return f"(ARRAY[{ids}])[1 + ({number}) % {sum(len(record) for record in records)}]"

    def copy_orders(self, order, review):
        seller = self.pick(self.sellers, "g * 7 / 3")
        order_id = self.one_to_one("sale.order")
        then = "now() AT TIME ZONE 'UTC' - make_interval(mins => 30 * g)"
        customer = self.pick([self.partners], "g * 13 / 5")
        self.copy(
            "sale.order",
            order,
            1,
            {
                "name": "'B' || g",
                "state": "'draft'",
                "release_id": "NULL",
                "current_review_id": "NULL",
                "user_id": seller,
                "create_uid": seller,
                "partner_id": customer,
                "date_order": then,
                "create_date": then,
                "access_token": "NULL",
            },
        )
        self.copy("sale.order.line", order.order_line[0], 1, {"order_id": order_id})
        self.copy(
            "order.review",
            review,
            1,
            {
                "res_id": order_id,
                "order_id": order_id,
                "requested_by": seller,
                "requested_at": then,
                "decided_at": then,
            },
        )
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', release_id = review.id,"
            " current_review_id = review.id FROM order_review AS review"
            f" WHERE review.order_id = sale_order.id AND review.id >= {self.base['order.review']}"
        )

    def copy_signoffs(self, signoff):
        signer, signoff_id = self.get_signer("g", "n"), self.get_signoff_id("g", "n")
        self.copy(
            "order.signoff",
            signoff,
            SIGNOFFS,
            {
                "review_id": self.one_to_one("order.review"),
                "order_id": self.one_to_one("sale.order"),
                "department_id": self.pick([self.departments], "g + n"),
                "decided_by": signer,
            },
        )
        self.copy(
            "order.signoff.vote",
            signoff.vote_ids,
            SIGNOFFS,
            {"signoff_id": signoff_id, "user_id": signer},
        )
        self.copy(
            "order.signoff.answer",
            signoff.answer_ids[0],
            2 * SIGNOFFS,
            {"signoff_id": self.get_signoff_id("g", "n / 2")},
        )

    def copy_activities(self, signoff):
        """One for each colleague of each department, and one for who requested."""
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        mine = ("res_model", "=", "order.signoff"), ("res_id", "=", signoff.id)
        number = f"n / {COLLEAGUES}"
        self.copy(
            "mail.activity",
            activities.search([*mine], limit=1),
            SIGNOFFS * COLLEAGUES,
            {
                "res_id": self.get_signoff_id("g", number),
                "user_id": self.get_signer("g", number, f"n % {COLLEAGUES}"),
            },
        )
        self.env.cr.execute("SELECT max(id) + 1 FROM mail_activity")
        self.base["mail.activity"] = self.env.cr.fetchone()[0]
        released = self.env.ref("order_process_control.mail_activity_type_released")
        self.copy(
            "mail.activity",
            activities.search([("activity_type_id", "=", released.id), ("active", "=", False)])[:1],
            1,
            {
                "res_id": self.one_to_one("sale.order"),
                "user_id": self.pick(self.sellers, "g * 7 / 3"),
            },
        )

    def copy_ledger(self, order):
        order_id = self.one_to_one("sale.order")
        self.copy("order.ledger", order.ledger_ids, 1, {"order_id": order_id})
        self.copy(
            "order.event",
            order.event_ids[-1],
            order.ledger_ids.last_number,
            {"order_id": order_id, "ledger_id": self.one_to_one("order.ledger"), "number": "n + 1"},
        )

    def get_signoff_id(self, review, number):
        return f"{self.base['order.signoff']} + {SIGNOFFS} * ({review} - 1) + {number}"

    def get_signer(self, review, number, colleague=None):
        """Departments take turns, and so do the colleagues of each."""
        colleague = colleague or f"{review} / 11"
        people = [user for team in self.teams for user in team]
        position = f"(({review} + {number}) % {DEPARTMENTS}) * {COLLEAGUES}"
        return self.pick(people, f"{position} + ({colleague}) % {COLLEAGUES}")
