from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal import PortalCommon

ACCESS_ERROR = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestAttacksOfStaff(PortalCommon):
    """What our own people must not reach over RPC with the rights that they have."""

    def setUp(self):
        super().setUp()
        muted = mute_logger("odoo.http")
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def _be(self, user):
        self.authenticate(user.login, user.login)

    def _new(self, **vals):
        """Return what a client gets who creates a ticket: its id, or the name of the error."""
        vals = {
            "subject": "x",
            "partner_id": self.customer.id,
            "category_id": self.category.id,
        } | vals
        return self._call("order.ticket", "create", vals)

    # === THE FIELDS OF THE PROCESS ===#

    def test_first_row_of_everything(self):
        """1 is the line that a ticket begins with, and the id of somebody's round or ticket."""
        fields = self.env["order.ticket"]._fields
        self._be(self.agent)
        for name in sorted(self.env["order.ticket"]._get_process_fields()):
            if fields[name].type in ("many2one", "integer") and name != "tier":
                self.assertEqual(self._new(**{name: 1}), ACCESS_ERROR, name)
            elif fields[name].type in ("char", "text"):
                self.assertEqual(self._new(**{name: "new"}), ACCESS_ERROR, name)
        ticket_id = self._new(state="new", tier=1, active=True, merged_into_id=False)
        ticket = self.env["order.ticket"].browse(ticket_id)
        self.assertEqual((ticket.state, ticket.tier, ticket.active), ("new", 1, True))

    def test_refused_delivery_is_not_chosen(self):
        picking = self.order.picking_ids[:1]
        self._be(self.agent)
        vals = {"refused_picking_id": picking.id}
        self.assertEqual(self._new(**vals), ACCESS_ERROR)
        answer = self._call("order.ticket", "write", self.ticket.ids, vals)
        self.assertEqual(answer, ACCESS_ERROR)

    # === THE CUSTOMER'S WORDS ===#

    def _get_bodies(self):
        return self.ticket._get_portal_messages().mapped("body")

    def test_nobody_speaks_for_the_customer(self):
        self._resolve(self.ticket)
        forged = {
            "body": "It is broken again",
            "author_id": self.contact.id,
            "email_from": self.contact.email,
            "message_type": "comment",
        }
        comment = self.env.ref("mail.mt_comment")
        vals = {
            **forged,
            "model": "order.ticket",
            "res_id": self.ticket.id,
            "subtype_id": comment.id,
        }
        for user in (self.salesperson, self.agent):
            self._be(user)
            self._call(
                "order.ticket",
                "message_post",
                self.ticket.ids,
                subtype_xmlid="mail.mt_comment",
                **forged,
            )
            self.assertEqual(self.ticket.message_ids[:1].author_id, user.partner_id)
            self.assertEqual(self.ticket.state, "resolved")
            self.assertEqual(self._call("mail.message", "create", vals), ACCESS_ERROR)
            own = {**vals, "author_id": user.partner_id.id}
            self.assertEqual(self._call("mail.message", "create", own), ACCESS_ERROR)
        self._be(self.customer_user)
        self.assertEqual(self._call("mail.message", "create", vals), ACCESS_ERROR)

    def test_what_the_customer_said_stays(self):
        message = self._customer_says(self.ticket, "Two are broken")
        self._be(self.agent)
        for method, args in (
            ("write", [{"body": "All is well"}]),
            ("write", [{"author_id": self.agent.partner_id.id}]),
            ("write", [{"is_internal": True}]),
            ("unlink", []),
        ):
            answer = self._call("mail.message", method, message.ids, *args)
            self.assertEqual(answer, ACCESS_ERROR, (method, args))
        self.assertIn("Two are broken", self._get_bodies()[0])
        own = self._call(
            "order.ticket", "message_post", self.ticket.ids, body="Hm", message_type="comment"
        )
        self.assertEqual(self._call("mail.message", "unlink", own), ACCESS_ERROR)
        update = {"message_id": own[0], "update_data": {"body": "Well"}}
        self._rpc("/mail/message/update_content", **update)
        self.assertIn("Well", self.env["mail.message"].browse(own).body)

    # === THE CUSTOMER'S OPINION ===#

    def test_key_of_a_rating_is_in_no_template_of_an_agent(self):
        self._resolve(self.ticket)
        self.ticket.sudo()._confirm_solved(self.contact)
        key = self.ticket.with_user(SUPERUSER_ID)._rating_get_access_token()
        name = "order_process_control.order_ticket_mail_rating"
        self._be(self.agent)
        vals = {
            "model": "order.ticket",
            "res_ids": repr(self.ticket.ids),
            "composition_mode": "comment",
            "template_id": self.env.ref(name).id,
        }
        screen = self._call("mail.compose.message", "create", vals)
        if isinstance(screen, int):
            rows = self._call("mail.compose.message", "read", [screen], ["body"])
            self.assertNotIn(key, rows[0]["body"] or "")
        for method in ("message_post_with_source", "message_mail_with_source"):
            self._call("order.ticket", method, self.ticket.ids, name)
        self.assertFalse(self.env["mail.message"].search([("body", "ilike", key)]))

    def test_ratings_are_read_with_their_tickets(self):
        self._resolve(self.ticket)
        self.ticket.sudo()._confirm_solved(self.contact)
        self.ticket.sudo()._customer_rate(2, "Too slow")
        rating = self.ticket._get_ratings()
        domain = [("res_model", "=", "order.ticket")]
        for user, is_read in (
            (self.agent, True),
            (self.salesperson, True),
            (self.expert, False),
            (self.employee, False),
        ):
            self._be(user)
            found = self._call("rating.rating", "search", domain)
            self.assertEqual(found, rating.ids if is_read else [], user.login)
            answer = self._call("rating.rating", "read", rating.ids, ["feedback"])
            self.assertEqual(answer == ACCESS_ERROR, not is_read, user.login)
        other = self.env["rating.rating"].create(
            {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": self.contact.id}
        )
        self.assertTrue(self._call("rating.rating", "read", other.ids, ["rating"]))

    # === DOCUMENTS BY NUMBER ===#

    def test_which_documents_a_ticket_has(self):
        for user in (self.stranger_user, self.employee):
            if user == self.employee:
                self._be(user)
            else:
                self._login(user)
            for name in ("refunds", "pickings", "repairs"):
                answer = self._call("order.ticket", f"action_view_{name}", self.ticket.ids)
                self.assertEqual(answer, ACCESS_ERROR, name)

    # === VISITS, STAMPS AND NOTES ===#

    def test_visit_stays_on_its_ticket(self):
        elsewhere = self._create_ticket(user=self.process_manager, team_id=self.second_line.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        visit = self.env["order.ticket.visit"].create(
            {"ticket_id": self.ticket.id, "start": "2026-03-02 08:00:00"}
        )
        self._be(self.agent)
        for model, ids, vals in (
            ("order.ticket.visit", visit.ids, {"ticket_id": elsewhere.id}),
            ("order.ticket.visit", visit.ids, {"ticket_id": self.other_ticket.id}),
            ("order.ticket", self.other_ticket.ids, {"visit_ids": [[4, visit.id]]}),
        ):
            answer = self._call(model, "write", ids, vals)
            self.assertEqual(answer, "odoo.exceptions.UserError", vals)
        self._call("order.ticket.visit", "write", visit.ids, {"company_id": company.id})
        self.assertEqual(visit.company_id, self.ticket.company_id)
        self._call("order.ticket.visit", "write", visit.ids, {"ticket_id": self.ticket.id})

    def test_who_granted_it_stays(self):
        line = self.env["order.ticket.line"].create(
            {"ticket_id": self.ticket.id, "order_line_id": self.order.order_line[:1].id}
        )
        self._be(self.agent)
        # Nothing to forget yet
        self.assertIs(
            self._call("order.ticket.line", "write", line.ids, {"override_by": False}), True
        )
        line.with_user(self.process_manager).action_override_window("A good customer")
        for vals in ({"override_by": False}, {"override_reason": False, "note": "x"}):
            answer = self._call("order.ticket.line", "write", line.ids, vals)
            self.assertEqual(answer, ACCESS_ERROR, vals)
        self.assertEqual(line.override_by, self.process_manager)
        self.assertIs(self._call("order.ticket.line", "write", line.ids, {"note": "x"}), True)

    def test_what_was_heard_on_the_call_is_internal(self):
        self.ticket.sudo().handler_partner_id = self.merchant
        self._resolve(self.ticket)
        self.ticket.sudo()._confirm_solved(self.contact)
        self.ticket.with_user(self.agent).action_record_follow_up("wishes", "A difficult man")
        for user in (self.customer_user, self.merchant_user):
            self._login(user)
            answer = self._call("order.ticket", "read", self.ticket.ids, ["follow_up_note"])
            self.assertEqual(answer, ACCESS_ERROR)

    # === ORDERS OF OTHERS, BEFORE ANYTHING IS SAVED ===#

    def _ask(self, model, values, names):
        """Return what a screen is told that has entered ``values``."""
        return self._call(model, "onchange", [], values, list(values), {name: {} for name in names})

    def test_screens_tell_nothing_of_orders_of_others(self):
        line = self.order.order_line[:1]
        told = ("product_id", "delivered_quantity", "delivered_at", "order_id")
        goods = {"order_line_id": line.id, "quantity": 1}
        move = line.move_ids[:1]
        ticket_vals = {"partner_id": self.customer.id, "line_ids": [[0, "virtual_1", goods]]}
        for user, expected in ((self.salesperson, dict), (self.other_salesperson, str)):
            self._be(user)
            for model, values, names in (
                ("order.ticket.line", goods, told),
                ("order.ticket.line", {"move_id": move.id, "order_line_id": line.id}, told),
                ("order.ticket", ticket_vals, ("line_ids",)),
                ("order.ticket", {"order_id": self.order.id}, ("order_id",)),
            ):
                answer = self._ask(model, values, names)
                self.assertIsInstance(answer, expected, (user.login, values))
                if expected is str:
                    self.assertEqual(answer, ACCESS_ERROR)
        self._be(self.other_salesperson)
        for values in ({"move_id": move.id}, {"ticket_id": self.ticket.id}):
            self.assertEqual(self._ask("order.ticket.line", values, told), ACCESS_ERROR)
        self._be(self.agent)
        answer = self._ask("order.ticket.line", goods, ("delivered_quantity",))
        self.assertEqual(answer["value"]["delivered_quantity"], 10)

    # === WORDS FOR CUSTOMERS ===#

    def test_answers_of_a_team_are_its_managers(self):
        vals = {
            "source": "pay",
            "substitution": "Pay to me",
            "ticket_team_ids": [[6, 0, self.team.ids]],
        }
        answers = self.env["mail.canned.response"]
        ours = answers.create(
            {"source": "hi", "substitution": "Hello", "ticket_team_ids": self.team.ids}
        )
        for user in (self.employee, self.agent):
            self._be(user)
            self.assertEqual(self._call("mail.canned.response", "create", vals), ACCESS_ERROR)
            own = self._call("mail.canned.response", "create", {"source": "x", "substitution": "y"})
            teams = {"ticket_team_ids": [[4, self.team.id]]}
            answer = self._call("mail.canned.response", "write", [own], teams)
            self.assertEqual(answer, ACCESS_ERROR)
            ours.create_uid = user
            answer = self._call("mail.canned.response", "write", ours.ids, {"substitution": "Pay"})
            self.assertEqual(answer, ACCESS_ERROR)
            self.assertIs(
                self._call("mail.canned.response", "write", [own], {"substitution": "z"}), True
            )
        self.assertEqual(self.team.answer_ids, ours)
        self._be(self.process_manager)
        self.assertIsInstance(self._call("mail.canned.response", "create", vals), int)

    def test_screens_tell_nothing_of_other_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create(
            {"name": "Secret", "phone": "+32 999", "company_id": company.id}
        )
        ticket = self.env["order.ticket"].create(
            {
                "subject": "Secret matter",
                "partner_id": partner.id,
                "category_id": self.category.id,
                "company_id": company.id,
            }
        )
        self._be(self.agent)
        visit = {"ticket_id": ticket.id, "start": "2026-03-02 08:00:00"}
        for model, values, names in (
            ("order.ticket", {"partner_id": partner.id}, ("partner_phone",)),
            ("order.ticket.visit", visit, ("display_name", "partner_id")),
        ):
            self.assertEqual(self._ask(model, values, names), ACCESS_ERROR, model)
        caller = self._call("order.ticket.caller", "create", {"query": "x"})
        for model, vals in (
            ("order.ticket.split", {"ticket_id": ticket.id, "subject": "x"}),
            ("order.ticket.merge", {"target_id": ticket.id}),
            ("order.ticket.caller.match", {"caller_id": caller, "partner_id": partner.id}),
        ):
            self.assertEqual(self._call(model, "create", vals), ACCESS_ERROR, model)
        values = {"partner_id": self.customer.id}
        answer = self._ask("order.ticket", values, ("commercial_partner_id",))
        self.assertEqual(answer["value"]["commercial_partner_id"], self.customer.id)
