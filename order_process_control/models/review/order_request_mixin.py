from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..order.process_token import as_process, is_process, with_default
from . import activities


class OrderRequestMixin(models.AbstractModel):
    """What is asked for on a confirmed order and decided by a round: a change, an expedite.

    Whoever may write the order asks; state and stamps are the process' own. What inherits it has
    the fields ``name``, ``order_id``, ``state`` (draft, submitted, approved, refused, applied and
    what ends it otherwise), ``requested_by``, ``requested_at``, ``review_id`` and ``editor_ids``;
    its activities and its entries of the ledger are called after the subject of its rounds.
    """

    _name = "order.request.mixin"
    _description = "Request about a Confirmed Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    # The subject of its rounds
    _request_subject = None

    review_strip = fields.Json(compute="_compute_review_strip")
    review_waiting_for = fields.Char(compute="_compute_review_waiting_for")
    has_open_question = fields.Boolean(compute="_compute_review_waiting_for")

    # === WHO WRITES WHAT ===#

    @api.model
    def _get_process_fields(self):
        """Return the fields that only the process itself writes, whoever asks."""
        return {
            *("name", "company_id", "state", "requested_by", "requested_at", "applied_at"),
            *("review_id", "before", "after", "editor_ids"),
        }

    @api.model
    def _get_request_fields(self):
        """Return the fields that are edited while the request is a draft."""
        return {"reason"}

    @api.model_create_multi
    def create(self, vals_list):
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields(vals)
        vals_list = with_default(self, vals_list, "order_id")
        orders = self.env["sale.order"].browse(
            vals["order_id"] for vals in vals_list if vals.get("order_id")
        )
        self._check_may_request(orders)
        vals_list = self._prepare_create_vals_list(vals_list)
        # The database looks for an open one: it has to know of those that were just closed
        self.flush_model(["state"])
        requests = super().create(vals_list)
        requests._note_editor()
        return requests

    @api.model
    def _prepare_create_vals_list(self, vals_list):
        """Return the values of new requests, with those of the process in place of a client's."""
        raise NotImplementedError

    def write(self, vals):
        if not is_process(self.env):
            self._check_process_fields(vals)
            if "order_id" in vals and any(r.order_id.id != vals["order_id"] for r in self):
                raise UserError(
                    self.env._("It belongs to its order: make another request on the other order.")
                )
            if not self._get_request_fields().isdisjoint(vals):
                self._check_editable()
        return super().write(vals)

    def _check_process_fields(self, vals):
        """:raise AccessError: for values of fields that only the process sets."""
        names = self._get_process_fields() & vals.keys()
        if not self:
            # What says nothing, or what it is anyway, comes from the client's own defaults
            names = {name for name in names if vals[name] and vals[name] != "draft"}
        if names:
            labels = sorted(
                self._fields[name].get_description(self.env)["string"] for name in names
            )
            raise AccessError(
                self.env._(
                    "%s cannot be set by hand: the order process does it when the request is"
                    " submitted, signed and applied.",
                    ", ".join(labels),
                )
            )

    @api.model
    def _check_may_request(self, orders):
        """:raise AccessError: for whoever may not write the orders, or is no user of the process
        :raise UserError: for orders that are not confirmed
        """
        orders._check_may_submit()
        # sudo: the state of an order that the user may write
        unconfirmed = orders.sudo().filtered(lambda order: order.state != "sale")
        if unconfirmed:
            raise UserError(self._get_unconfirmed_sentence(", ".join(unconfirmed.mapped("name"))))

    @api.model
    def _get_unconfirmed_sentence(self, names):
        """Return why these quotations need no such request, and what to do instead."""
        raise NotImplementedError

    def _check_may_act(self):
        """:raise AccessError: for whoever may not go on with these requests"""
        if len(self.ids) != len(self):
            raise UserError(self.env._("One of the requests does not exist. Reload the page."))
        self.check_access("write")
        self.order_id._check_may_submit()

    def _check_editable(self):
        """Let only drafts be edited, by whoever may write the order; remember who did.

        :raise AccessError: without the right to
        :raise UserError: names what is no draft, and what to do
        """
        if is_process(self.env):
            return
        self._check_may_act()
        fixed = self.filtered(lambda request: request.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s was submitted: only a draft is edited. Use “Correct” when it was refused,"
                    " or take it back and make another request.",
                    ", ".join(fixed.mapped("name")),
                )
            )
        self._note_editor()

    def _note_editor(self):
        user = self.env.user
        if user.id != SUPERUSER_ID:
            # sudo: process field
            new = self.sudo().filtered(lambda request: user not in request.editor_ids)
            as_process(new).write({"editor_ids": [Command.link(user.id)]})

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsubmitted(self):
        kept = self.filtered(lambda r: r.requested_at or r.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "%s was submitted and is kept: take it back instead of deleting it.",
                    ", ".join(kept.mapped("name")),
                )
            )
        self._check_may_act()

    # === TELLING ===#

    def _get_payload(self):
        """Return what the ledger keeps of this request: ids and figures."""
        raise NotImplementedError

    def _log_events(self, what):
        """Write into the ledgers of the orders what became of these requests."""
        kind = f"{self._request_subject}_{what}"
        self.env["order.ledger"]._append([(r.order_id, kind, r._get_payload()) for r in self])

    def _log(self, body):
        """Say in the history of the requests and of their orders what happened; mail nobody."""
        author_id = self.env.user.partner_id.id
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body), author_id=author_id)
        bodies = {request.order_id.id: request._get_order_sentence(body) for request in self}
        self.order_id._message_log_batch(bodies=bodies, author_id=author_id)

    def _get_order_sentence(self, text):
        """Return what the history of the order says of this request."""
        return f"{self.name}: {text}"

    def _plan_task(self, what, summary):
        """Put on the requester's list what is to be done now."""
        self.ensure_one()
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": f"{self._request_subject}_{what}",
                    "summary": f"{self.name}: {summary}",
                    "user_id": self.requested_by.id,
                }
            ],
        )

    def _close_tasks(self):
        """End the activities that say what the requester has to do."""
        kinds = [f"{self._request_subject}_{what}" for what in ("refused", "outdated", "failed")]
        activities.close(self, kinds=[*kinds, "question"])

    # === FOR THE SCREEN ===#

    @api.depends("review_id", "state")
    @api.depends_context("lang", "tz")
    def _compute_review_strip(self):
        # sudo: who reads the request sees who signed it, as on the order
        reviews = self.env["order.review"].sudo()
        if self.env["sale.order"]._sees_reviews():
            reviews = reviews.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        strips = dict(zip(reviews.ids, reviews._get_strips(), strict=True))
        by_request = reviews.sorted("id desc").grouped("res_id")
        for request in self:
            own = by_request.get(request._origin.id, ())
            request.review_strip = request._prepare_review_strip([strips[r.id] for r in own])

    def _prepare_review_strip(self, rounds):
        """Return the strip of the departments, as the widget of orders shows it."""
        return {"current": self.sudo().review_id.id, "is_outdated": False, "rounds": rounds}

    @api.depends("review_id", "state")
    def _compute_review_waiting_for(self):
        for request in self:
            pending = request._get_pending_signoffs()
            request.review_waiting_for = ", ".join(pending.mapped("name"))
            request.has_open_question = any(s._has_open_question() for s in pending)

    def _get_pending_signoffs(self):
        # sudo: see _compute_review_strip
        return self.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")

    def action_open_answer(self):
        """Ask for the answer to the questions of departments on this request.

        :return: a window action
        :raise UserError: when no question is open
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one request."))
        asked = self._get_pending_signoffs().filtered(lambda s: s._has_open_question())
        if not asked:
            raise UserError(self.env._("There is no open question here any more."))
        return self.env["order.process.request"]._open(
            "answer", asked.sudo(False), self.env._("Answer")
        )
