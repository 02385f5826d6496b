from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_datetime

from ..order.process_token import as_process
from ..order.sale_order_priority import URGENT
from ..review import activities
from .order_expedite import OPEN_STATES
from .order_expedite_confirmation import SOURCES, TRANSPORT_MODES


class OrderExpedite(models.Model):
    """Confirming an emergency shipment: need, supply and shipment, each by who answers for it."""

    _inherit = "order.expedite"

    def action_confirm_need(self, goods, needed_by, note=None):
        """Record what was agreed with the customer (R-158), and ask for the supply.

        :param str goods: quantities and kinds; never blank
        :param needed_by: when it has to be there (UTC)
        :return: True
        :raise AccessError: for whoever may not write the order
        :raise UserError: when something is missing, or it is not what is to be confirmed now
        """
        row = self._begin_answer("need")
        goods = self._clean_emergency_text(goods)
        if not goods:
            raise UserError(self.env._("Write which goods and how many the customer needs."))
        needed_by = self._clean_moment(needed_by)
        row._answer(
            {
                "state": "confirmed",
                "goods": goods,
                "promised_at": needed_by,
                "note": self._clean_emergency_text(note),
            }
        )
        # sudo: process fields, of an emergency that the user may confirm
        as_process(self.sudo()).write({"needed_by": needed_by})
        # Who says what is needed does not say as well that it can be done
        self._note_editor()
        self._go_on("supply")
        return True

    def action_confirm_supply(self, source, ready_at=None, note=None):
        """Record where the goods come from and when they are ready (R-159, R-166 .. R-169), make
        the order urgent and ask for the shipment.

        :param str source: stock, reserved, plan or supplier
        :param ready_at: when they are ready (UTC); needed unless they lie in stock
        :param str note: how the plan is adjusted, or what the supplier answers
        :return: True
        :raise AccessError: for whoever does not answer for the department
        :raise UserError: when something is missing or too late, or it is not what is to be
            confirmed now
        """
        row = self._begin_answer("supply")
        note = self._clean_emergency_text(note)
        if source not in dict(SOURCES):
            raise UserError(self.env._("Say where the goods come from."))
        if source in ("plan", "supplier") and not note:
            raise UserError(
                self.env._("Write how the plan is adjusted, or what the supplier has answered.")
            )
        in_stock = source in ("stock", "reserved") and not ready_at
        ready_at = fields.Datetime.now() if in_stock else self._clean_moment(ready_at)
        self._check_in_time(ready_at)
        row._answer({"state": "confirmed", "source": source, "promised_at": ready_at, "note": note})
        # sudo: the order of others, for who may confirm its part
        self.sudo()._hurry_order()
        self._go_on("shipment")
        return True

    def action_confirm_shipment(
        self, transport_mode, route, arrives_at, carrier_id=None, note=None
    ):
        """Record how the goods travel and when they arrive (R-160, R-162).

        :param str transport_mode: road, courier, rail, air, sea or pickup
        :param str route: in words; never blank
        :param arrives_at: when they are with the customer (UTC)
        :param int carrier_id: of the delivery method, if any
        :return: True
        :raise AccessError: for whoever does not answer for the department
        :raise UserError: when something is missing or too late, or it is not what is to be
            confirmed now
        """
        row = self._begin_answer("shipment")
        route = self._clean_emergency_text(route)
        if transport_mode not in dict(TRANSPORT_MODES):
            raise UserError(self.env._("Choose how the goods are transported."))
        if not route:
            raise UserError(self.env._("Write by which route the goods travel."))
        arrives_at = self._clean_moment(arrives_at)
        self._check_in_time(arrives_at)
        row._answer(
            {
                "state": "confirmed",
                "transport_mode": transport_mode,
                "route": route,
                "promised_at": arrives_at,
                "carrier_id": self._clean_carrier_id(carrier_id),
                "note": self._clean_emergency_text(note),
            }
        )
        # sudo: process fields, for who may confirm the last part
        self.sudo()._finish_emergency(row)
        return True

    def _begin_answer(self, part):
        """Return the row that is answered now, as superuser, with the ledger held.

        :raise AccessError: for whoever may not answer it
        :raise UserError: when it is not the turn of this part
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one expedite."))
        self.check_access("read")
        # sudo: rows and rights of colleagues; who may answer is checked right below
        expedite = self.sudo()
        self.env["order.ledger"]._lock(expedite.order_id)
        row = expedite._get_confirmation(part)
        if not row or expedite.emergency_state != part or row.state != "asked":
            raise UserError(expedite._get_turn_words())
        self._check_may_answer(row)
        return row

    def _get_turn_words(self):
        """Return what this emergency waits for, as a refusal."""
        self.ensure_one()
        if self.needs_queue_jump and self.emergency_state == "shipment":
            return self.env._(
                "%s: the goods are reserved for others. They can be shipped when this expedite is"
                " approved and applied.",
                self.name,
            )
        labels = dict(self._fields["emergency_state"]._description_selection(self.env))
        return self.env._(
            "%(name)s: that is not what is to be confirmed now (%(state)s). Reload the page.",
            name=self.name,
            state=labels.get(self.emergency_state, "-"),
        )

    def _check_may_answer(self, row):
        """:raise AccessError: also as superuser: a confirmation is that of a person"""
        if row.part == "need":
            self._check_may_act()
        elif self.env.user not in row._get_people():
            raise AccessError(
                self.env._(
                    "%(part)s of %(name)s is confirmed by: %(people)s. Nobody confirms for others"
                    " what they have asked for.",
                    part=dict(row._fields["part"]._description_selection(self.env))[row.part],
                    name=self.name,
                    people=", ".join(row._get_people().mapped("name")) or "-",
                )
            )

    def _go_on(self, part):
        """Record that a part was confirmed and ask for the next one."""
        # sudo: see _begin_answer
        expedite = self.sudo()
        expedite._log_emergency(f"emergency_{expedite.emergency_state}")
        as_process(expedite).write({"emergency_state": part})
        row = expedite._get_confirmation(part)
        if part == "shipment" and expedite.needs_queue_jump and expedite.state != "applied":
            expedite._plan_emergency_task(
                "emergency_asked",
                self.env._("the goods are reserved for others: simulate and submit it"),
            )
        else:
            row._ask()

    def _apply(self):
        result = super()._apply()
        for expedite in self.filtered(lambda e: e.emergency_state == "shipment"):
            activities.close(expedite, kinds=["emergency_asked"])
            expedite._get_confirmation("shipment")._ask()
        return result

    def _hurry_order(self):
        """The department that makes it possible has agreed: the order goes first (R-172). What is
        reserved for others needs more than that."""
        supply = self._get_confirmation("supply")
        if supply.source != "reserved" and self.order_id.priority != URGENT:
            self.order_id._set_priority(URGENT, f"{self.name}: {self.reason}")
            as_process(self).write({"is_hurried": True})

    def _finish_emergency(self, row):
        """Everything is confirmed: say so to the salesperson and to the warehouse."""
        self._log_emergency("emergency_shipment")
        vals = {"emergency_state": "confirmed"}
        if self.state in OPEN_STATES:
            ready_at = self._get_confirmation("supply").promised_at
            vals |= {
                "state": "applied",
                "applied_at": fields.Datetime.now(),
                "expected_completion": ready_at,
                "requested_by": self._get_first_responsible().id,
                "requested_at": self.create_date,
            }
        as_process(self).write(vals)
        words = self.env._(
            "Emergency shipment, all confirmed. %s", ", ".join(filter(None, row._get_words()))
        )
        self._log(words)
        activities.close(self, kinds=["emergency_told"])
        self._plan_emergency_task("emergency_met", self.env._("can be met: tell the customer"))
        pickings = self._get_own_pickings()
        pickings._message_log_batch(
            bodies=dict.fromkeys(pickings.ids, words), author_id=self.env.user.partner_id.id
        )

    # === WHAT IS ENTERED ===#

    def _clean_emergency_text(self, text):
        return self.env["order.signoff"]._clean_text(text)

    def _clean_moment(self, moment):
        """Return a moment as a naive UTC datetime in the future.

        :raise UserError: for what is none, or has passed
        """
        try:
            moment = fields.Datetime.to_datetime(moment or False)
        except (TypeError, ValueError, OverflowError):
            moment = None
        if not moment or moment < fields.Datetime.now():
            raise UserError(self.env._("Give a day and time that is still to come."))
        return moment

    def _check_in_time(self, moment):
        """:raise UserError: when it is later than the customer needs"""
        needed_by = self.needed_by
        if moment > needed_by:
            raise UserError(
                self.env._(
                    "That is later than the customer needs it (%s): say that it cannot be met, so"
                    " that sales knows at once.",
                    format_datetime(self.env, needed_by, dt_format="short"),
                )
            )

    def _clean_carrier_id(self, carrier_id):
        carriers = self.env["delivery.carrier"]
        id_ = carrier_id if isinstance(carrier_id, int) and 0 < carrier_id < 2**31 else 0
        # sudo: who ships need not configure delivery methods
        found = carriers.sudo().search([("id", "=", id_)])
        if carrier_id and (not found or found.company_id - self.sudo().company_id):
            raise UserError(self.env._("Choose a delivery method of this company."))
        return found.id
