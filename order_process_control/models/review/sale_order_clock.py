from odoo import api, models


class SaleOrder(models.Model):
    """The order's own clock: from its registration to its release or rejection (R-157).

    It begins when the order is registered and needs a review, at the latest when it is submitted:
    who registers an order and leaves it lying is late as well. It ends

    * met, or fulfilled late, when its review is approved or rejected: then it is processed;
    * cancelled, "not applicable", when the review is withdrawn, the order is cancelled, or it is
      confirmed without a review: nobody has to be asked any more, or the process is switched off;
    * exempt, when the process manager exempts the order from its review.

    A round that is superseded by an edit ends nothing: the order is still to be processed, and
    nobody wins time by changing a word in it. The next submission goes on with the clock that
    runs; one after a rejection, a withdrawal or the change of what was approved starts a new one.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "order.deadline.mixin"]

    @api.model
    def _get_deadline_clock(self):
        return "release"

    def _prepare_deadline_vals(self, policy=None):
        self.ensure_one()
        return {
            "name": self.env._("%s: to be processed", self.name),
            "order_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "class_id": self.class_id.id,
            "priority": self.priority,
        }

    # === THE BEGINNING ===#

    def _on_registered(self):
        result = super()._on_registered()
        orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        orders -= orders._filter_process_off()
        # What no department has to sign is not processed by anybody
        steps = self.env["order.review.step"]._get_steps_by_order(orders)
        orders.filtered(lambda order: steps[order.id])._start_deadline()
        return result

    def _open_rounds(self, proposals, history, kind="requested", reason=False):
        # sudo: stamps and clocks, whoever submits
        known = self.sudo().filtered("registered_at")
        running = set(known._get_open_deadlines("release").mapped("res_id")) if known else ()
        for proposal in proposals:
            # Also of what the system signs at once: it is processed in time
            proposal.starts_clock = proposal.order.id not in running
        return super()._open_rounds(proposals, history, kind, reason)

    # === THE END ===#

    def _end_review(self, state, entries):
        closed = super()._end_review(state, entries)
        closed._follow_clocks()
        return closed

    def _exempt_clocks(self, reason):
        """The process manager lets these orders pass: their clocks end neither met nor missed."""
        self._get_open_deadlines("release")._end_as("exempt", "exempt", reason)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("cancel", "sale"):
            self._leave_clocks()
        return result

    def _leave_clocks(self):
        """End the clocks of orders that nobody has to process any more: what is released has met
        its own already."""
        # sudo: stamps and clocks, whoever confirms or cancels
        unprocessed = self.sudo().filtered(lambda o: o.registered_at and not o.release_id)
        if unprocessed:
            unprocessed._cancel_deadline(clock="release")

    # === OTHER TIMES ===#

    @api.constrains("class_id", "priority")
    def _constrain_clocks(self):
        # Recomputation passes through no write, but through here
        self._reevaluate_clocks()

    def _reevaluate_clocks(self):
        """Time what is open of these orders anew, by their class and priority; what was used and
        paused stays."""
        # sudo: stamps and clocks, whoever changes the order
        registered = self.sudo().filtered("registered_at")
        if not registered:
            return
        deadlines = self.env["order.deadline"].sudo()
        names = self.env["order.review"]._get_clocked_models()
        changed = deadlines.search(
            [
                ("order_id", "in", registered.ids),
                ("res_model", "in", names),
                ("stopped_at", "=", False),
            ]
        ).filtered(lambda d: d.class_id != d.order_id.class_id or d.priority != d.order_id.priority)
        changed._reevaluate(
            {
                d.id: {"class_id": d.order_id.class_id.id, "priority": d.order_id.priority}
                for d in changed
            }
        )
