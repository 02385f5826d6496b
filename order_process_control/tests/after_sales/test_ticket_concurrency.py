from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..review.parallel import ParallelCase

AGENTS = ("opc_parallel_agent_1", "opc_parallel_agent_2")


@tagged("post_install", "-at_install")
class TestTicketConcurrency(ParallelCase):
    """Two agents with the same goods at the same moment: one wins, the other is told."""

    def setUp(self):
        self.enterContext(mute_logger("odoo.sql_db", "odoo.service.model"))
        super().setUp()

    def _set_up(self, env):
        """Ten pieces, delivered and invoiced, and a ticket for each agent."""
        env.company.ticket_refund_limit = 0
        agent = "order_process_control.group_ticket_agent"
        self.user_ids = [self._create_user(env, login, agent).id for login in AGENTS]
        self.step_ids = []
        product = env["product.product"].create(
            {
                "name": "Parallel",
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "delivery",
                "taxes_id": False,
            }
        )
        customer = env["res.partner"].create({"name": "Parallel"})
        order = self._create_orders(
            env,
            partner_id=customer.id,
            order_line=[(0, 0, {"product_id": product.id, "product_uom_qty": 10})],
        )
        order.action_confirm()
        stock = order.warehouse_id.lot_stock_id
        env["stock.quant"]._update_available_quantity(product, stock, 10)
        self._receive(order.picking_ids)
        order._create_invoices().action_post()
        team = env["order.ticket.team"].create(
            {"name": "Parallel", "member_ids": [(6, 0, self.user_ids)]}
        )
        category = env["order.ticket.category"].create({"name": "Parallel"})
        tickets = env["order.ticket"].create(
            [
                {
                    "subject": "Parallel",
                    "partner_id": order.partner_id.id,
                    "category_id": category.id,
                    "team_id": team.id,
                    "user_id": user_id,
                }
                for user_id in self.user_ids
            ]
        )
        self.order_line_id, self.ticket_ids = order.order_line.id, tickets.ids

    def _receive(self, pickings):
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        pickings.with_context(skip_backorder=True).button_validate()

    def _clean_up(self, env):
        """Nothing of it can be deleted by Odoo's own methods any more."""
        orders = env["sale.order"].browse(self.order_ids)
        pickings, invoices = orders.picking_ids, orders.invoice_ids
        tickets = env["order.ticket"].browse(self.ticket_ids)
        invoices |= tickets._get_refunds()
        product = orders.order_line.product_id
        team, category = tickets.team_id, tickets.category_id
        customer = tickets.partner_id
        env.flush_all()
        for table, column, ids in (
            ("order_ticket_inspection", "ticket_id", tickets.ids),
            ("stock_move_line", "product_id", product.ids),
            ("stock_move", "product_id", product.ids),
            ("repair_order", "product_id", product.ids),
            ("stock_picking", "id", pickings.ids),
            ("stock_quant", "product_id", product.ids),
            ("account_move_line", "move_id", invoices.ids),
            ("account_move", "id", invoices.ids),
            ("order_ticket_line", "ticket_id", tickets.ids),
            ("order_deadline", "res_id", tickets.ids),
            ("order_ticket", "id", tickets.ids),
        ):
            domain = SQL("%s IN %s", SQL.identifier(column), tuple(ids) or (0,))
            if table == "order_deadline":
                domain = SQL("%s AND res_model = 'order.ticket'", domain)
            env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), domain))
        env.invalidate_all()
        result = super()._clean_up(env)
        team.unlink()
        category.unlink()
        product.action_archive()
        customer.action_archive()
        return result

    # === WHAT THEY DO ===#

    def _claim(self, ticket_id, quantity, outcome="return"):
        def method(env):
            vals = {
                "ticket_id": ticket_id,
                "order_line_id": self.order_line_id,
                "quantity": quantity,
                "requested_outcome": outcome,
            }
            return bool(env["order.ticket.line"].create(vals))

        return method

    def _press(self, button):
        return lambda env: bool(getattr(env["order.ticket"].browse(self.ticket_ids[0]), button)())

    def _inspect(self, env):
        lines = env["order.ticket"].browse(self.ticket_ids[0]).line_ids
        return lines.action_inspect("intact", "stock")

    def _both(self, first, second=None):
        """Let both do it, and assert that one wins and the other gets a sentence."""
        calls = zip(self.user_ids, (first, second or first), strict=True)
        results = self._run_together(*calls)
        refused = [outcome for outcome, _attempts in results if outcome is not True]
        self.assertEqual(len(refused), 1, results)
        self.assertIsInstance(refused[0], UserError)
        self.assertGreater(sum(attempts for _outcome, attempts in results), 2, "nobody collided")

    def _look(self, method):
        return self._as_root(lambda env: method(env["order.ticket"].browse(self.ticket_ids)))

    # === TESTS ===#

    def test_the_last_pieces_are_claimed_once(self):
        first, second = self.ticket_ids
        self._both(self._claim(first, 6), self._claim(second, 6))
        self.assertEqual(self._look(lambda tickets: tickets.line_ids.mapped("quantity")), [6])

    def test_one_return_and_one_inspection(self):
        self._as_root(self._claim(self.ticket_ids[0], 6))
        self._both(self._press("action_create_return"))
        self.assertEqual(self._look(lambda tickets: len(tickets.transfer_ids)), 1)
        self._look(lambda tickets: self._receive(tickets.transfer_ids))
        self._both(self._inspect)
        self.assertEqual(
            self._look(lambda tickets: tickets.line_ids.inspection_ids.mapped("quantity")), [6]
        )

    def test_one_credit_note(self):
        self._as_root(self._claim(self.ticket_ids[0], 6, "refund"))
        self._both(self._press("action_create_refund"))
        self.assertEqual(self._look(lambda tickets: len(tickets.refund_ids)), 1)

    def test_one_delivery(self):
        self._as_root(self._claim(self.ticket_ids[0], 6, "resupply"))
        self._both(self._press("action_create_exchange"))
        self.assertEqual(self._look(lambda tickets: len(tickets.transfer_ids)), 1)

    def test_one_repair_of_goods_without_an_order(self):
        self._as_root(
            lambda env: bool(
                env["order.ticket.line"].create(
                    {
                        "ticket_id": self.ticket_ids[0],
                        "product_id": env["sale.order.line"]
                        .browse(self.order_line_id)
                        .product_id.id,
                        "decided_outcome": "repair",
                    }
                )
            )
        )
        self._both(self._press("action_create_repair"))
        self.assertEqual(self._look(lambda tickets: len(tickets.repair_ids)), 1)

    # === SCHEDULED ACTIONS ===#

    def _close_silent(self, env):
        domain = Domain("id", "in", self.ticket_ids) & Domain("state", "=", "resolved")
        env["order.ticket"]._work_through(domain, lambda tickets: tickets._close_silent())
        return True

    def _answer(self, env):
        tickets = env["order.ticket"].browse(self.ticket_ids)
        for ticket in tickets:
            ticket.message_post(
                body=env.company.name,
                author_id=ticket.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return True

    def _count_messages(self, text):
        return self._look(
            lambda tickets: [
                sum(text in (message.body or "") for message in ticket.message_ids)
                for ticket in tickets
            ]
        )

    def test_silence_is_noted_once_by_two_workers(self):
        self._look(lambda tickets: tickets._set_state("resolved"))
        results = self._run_together(*[(SUPERUSER_ID, self._close_silent)] * 2)
        self.assertEqual([outcome for outcome, _attempts in results], [True, True])
        self.assertEqual(self._look(lambda tickets: tickets.mapped("state")), ["closed"] * 2)
        self.assertEqual(self._count_messages("Closed by silence"), [1, 1])

    def test_what_somebody_works_on_is_passed_over(self):
        """Neither waited for nor changed under their hands, and closed on the next run."""
        self._look(lambda tickets: tickets._set_state("resolved"))
        held = self.ticket_ids[0]

        def close(env):
            env.cr.execute("SET lock_timeout = '5s'")
            try:
                return self._close_silent(env)
            finally:
                env.cr.execute("RESET lock_timeout")

        with self.registry.cursor() as cr:
            cr.execute("SELECT FROM order_ticket WHERE id = %s FOR UPDATE", [held])
            self._as_root(close)
        states = self._look(lambda tickets: {ticket.id: ticket.state for ticket in tickets})
        self.assertEqual(states.pop(held), "resolved")
        self.assertEqual(list(states.values()), ["closed"])
        self._as_root(self._close_silent)
        self.assertEqual(self._look(lambda tickets: set(tickets.mapped("state"))), {"closed"})

    def test_answer_at_the_moment_of_closing_is_not_lost(self):
        self._look(lambda tickets: tickets._set_state("resolved"))
        results = self._run_together(
            (SUPERUSER_ID, self._answer), (SUPERUSER_ID, self._close_silent)
        )
        self.assertEqual([outcome for outcome, _attempts in results], [True, True])
        # Open again, or closed first and its agent told of the answer
        for state, told in self._look(
            lambda tickets: [(ticket.state, bool(ticket.activity_ids)) for ticket in tickets]
        ):
            self.assertIn((state, told), [("in_progress", True), ("closed", True)])
        self.assertFalse(
            self._look(
                lambda tickets: tickets.filtered(
                    lambda ticket: ticket.state == "in_progress" and ticket.confirmation
                )
            )
        )
