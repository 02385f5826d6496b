from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL

from .kept_rows import get_insert_query
from .order_event import chain_hash


class OrderLedger(models.Model):
    """The head of an order's chain of events: how long it is and how it ends.

    A row of its own, so that deciding never collides with somebody who edits the order; and a
    chain whose tail was cut does not fit its head any more.
    """

    _name = "order.ledger"
    _description = "Order Ledger"
    _inherit = "order.kept.mixin"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    last_number = fields.Integer(string="Entries", readonly=True, required=True)
    last_hash = fields.Char(readonly=True)
    event_ids = fields.One2many("order.event", "ledger_id", string="Events", readonly=True)

    _order_uniq = models.UniqueIndex("(order_id)", "This order has a ledger already.")

    # === WRITING (always as superuser) ===#

    @api.model
    def _lock(self, orders):
        """Take the heads of these orders for this transaction, in id order.

        An UPDATE before anything is judged: a second transaction that decides on the same order
        fails with a serialization error, which Odoo answers by running it again. A mere lock
        would let it go on with what it read before the first one committed.
        """
        if not orders:
            return
        orders = orders.sudo()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO order_ledger AS head (
                       order_id, company_id, last_number,
                       create_uid, create_date, write_uid, write_date)
                SELECT id, company_id, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM sale_order WHERE id IN %(ids)s ORDER BY id
                    ON CONFLICT (order_id) DO UPDATE SET write_date = EXCLUDED.write_date
                RETURNING id, order_id, company_id, last_number, last_hash
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=orders._ids,
            )
        )
        if len(rows) < len(orders):
            raise MissingError(
                self.env._("One of the orders does not exist any more. Reload the page.")
            )
        heads = self.sudo().browse(row[0] for row in rows)
        for head, (_id, order_id, company_id, *tail) in zip(heads, rows, strict=True):
            self._fields["company_id"]._update_cache(head, company_id)
            head._cache_head(*tail)
            orders._fields["ledger_ids"]._update_cache(orders.browse(order_id), head._ids)

    def _cache_head(self, last_number, last_hash):
        self._fields["last_number"]._update_cache(self, last_number)
        self._fields["last_hash"]._update_cache(self, last_hash)

    @api.model
    def _append(self, entries):
        """Write entries to the chains of orders that :meth:`_lock` holds, in one statement.

        :param list entries: (order, kind, payload) in the order in which they happened
        """
        if not entries:
            return
        events = self.env["order.event"].sudo()
        # The moment of the transaction: one decision with all that follows from it
        now = self.env.cr.now().replace(microsecond=0)
        heads, vals_list = {}, []
        for order, kind, payload in entries:
            order = order.sudo()
            head = order.ledger_ids
            facts = {
                "ledger_id": head.id,
                "number": head.last_number + 1,
                "kind": kind,
                "user_id": self.env.uid,
                "at": now,
                # Which order, inside the hash: a chain cannot be given to another one
                "payload": {**(payload or {}), "order": order.id},
            }
            previous = head.last_hash
            head._cache_head(facts["number"], chain_hash(previous, facts))
            heads[head] = order
            vals_list.append(
                {
                    **facts,
                    "order_id": order.id,
                    "company_id": head.company_id.id,
                    "previous_hash": previous,
                    "hash": head.last_hash,
                }
            )
        columns = [events._fields[name] for name in vals_list[0]]
        self.env.execute_query(
            SQL(
                """
                  WITH entry AS (%s)
                UPDATE order_ledger AS head
                   SET last_number = tail.number, last_hash = tail.hash
                  FROM (VALUES %s) AS tail (id, number, hash)
                 WHERE head.id = tail.id RETURNING head.id
                """,
                get_insert_query(events, columns, vals_list),
                SQL(", ").join(
                    SQL("(%s, %s, %s)", head.id, head.last_number, head.last_hash) for head in heads
                ),
            )
        )
        for head, order in heads.items():
            head.invalidate_recordset(["event_ids"], flush=False)
            order.invalidate_recordset(["event_ids"], flush=False)

    # === VERIFYING ===#

    def _find_breaks(self):
        """Check these chains against what was written.

        :return: ``{ledger: sentence}`` with the first break of each chain that is not intact
        """
        breaks = {}
        # sudo: whoever may verify an order verifies all of its chain
        events = self.env["order.event"].sudo().search([("ledger_id", "in", self.ids)])
        by_ledger = events.grouped("ledger_id")
        for head in self.sudo():
            sentence = head._find_break(by_ledger.get(head, events.browse()))
            if sentence:
                breaks[head] = sentence
        return breaks

    def _find_break(self, events):
        self.ensure_one()
        previous = None
        for number, event in enumerate(events.sorted("number"), start=1):
            if event.number != number:
                return self.env._("Entry %s is missing.", number)
            if (event.previous_hash or None) != previous:
                return self.env._("Entry %s does not follow the entry before it.", number)
            if chain_hash(event.previous_hash, event._get_facts()) != event.hash:
                return self.env._("Entry %s was changed after it was written.", number)
            if not self._is_own_event(event):
                return self.env._("Entry %s belongs to another order.", number)
            previous = event.hash
        if len(events) != self.last_number or (self.last_hash or None) != previous:
            return self.env._(
                "The end was cut off or added to: %(found)s entries, where %(expected)s were made.",
                found=len(events),
                expected=self.last_number,
            )
        return False

    def _is_own_event(self, event):
        """Tell whether an entry was written for the order of this chain; the order of a deleted
        quotation is not known any more."""
        self.ensure_one()
        order_id = self.order_id.id
        return (
            event.order_id == self.order_id
            and event.company_id == self.company_id
            and order_id in (False, (event.payload or {}).get("order", order_id))
        )

    def action_verify(self):
        """Verify these chains, or all that the user may read when none is chosen.

        :return: a notification that names the first break of each broken chain
        """
        ledgers = self or self.search(Domain.TRUE)
        ledgers.check_access("read")
        problems = ledgers._get_problems()
        if not self:
            problems += (
                self.env["sale.order"].search(self._get_missing_domain())._get_lost_ledgers()
            )
        return self._get_verification_notice(len(ledgers), problems)

    def _get_problems(self):
        """Return one sentence for each of these chains that is broken."""
        return [
            self.env._(
                "%(order)s: %(problem)s",
                order=ledger.order_id.name or self.env._("deleted quotation"),
                problem=sentence,
            )
            for ledger, sentence in self._find_breaks().items()
        ]

    @api.model
    def _get_missing_domain(self):
        """Return which orders must have a chain and have none."""
        return Domain("ledger_ids", "=", False) & Domain("registered_at", "!=", False)

    def action_verify_all(self):
        """Verify the chains of all orders that the user may read; see :meth:`action_verify`."""
        return self.browse().action_verify()

    @api.model
    def _get_verification_notice(self, checked, problems):
        """Return the result of a verification as a notification of the web client."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "title": self.env._("The ledger is broken")
                if problems
                else self.env._("The ledger is intact"),
                "message": "\n".join(problems)
                if problems
                else self.env._("Verified: %s. Every entry follows the one before.", checked),
            },
        }
