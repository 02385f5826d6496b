from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..order.process_token import as_process


class OrderReview(models.Model):
    """One round of review of one subject, kept for ever (R-076 .. R-118).

    Nobody has write access: rounds are opened by the subject and closed by its sign-offs.
    """

    _name = "order.review"
    _description = "Order Review"
    _order = "id desc"
    _rec_names_search = ["order_id"]

    name = fields.Char(compute="_compute_name")
    res_model = fields.Char(string="Subject Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Subject Record", model_field="res_model", required=True, readonly=True
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    subject = fields.Selection([("order", "Order")], default="order", required=True, readonly=True)
    number = fields.Integer(string="Round", required=True, readonly=True)
    state = fields.Selection(
        [
            ("in_progress", "In Review"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        default="in_progress",
        required=True,
        readonly=True,
        index=True,
    )
    requested_by = fields.Many2one("res.users", string="Requested by", required=True, readonly=True)
    requested_at = fields.Datetime(string="Requested On", required=True, readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    fingerprint = fields.Char(
        readonly=True, help="Digest of the content that was submitted and is being signed."
    )
    snapshot = fields.Json(readonly=True, help="What was submitted, in words.")
    signoff_ids = fields.One2many("order.signoff", "review_id", string="Sign-offs", readonly=True)
    decision_count = fields.Integer(
        readonly=True, help="Raised by each decision, so that two at once exclude each other."
    )

    _subject_number_uniq = models.UniqueIndex(
        "(res_model, res_id, subject, number)", "This round exists already."
    )
    _subject_open_uniq = models.UniqueIndex(
        "(res_model, res_id, subject) WHERE state = 'in_progress'",
        "A review of this document is already in progress.",
    )

    @api.depends("order_id.name", "number")
    def _compute_name(self):
        for review in self:
            review.name = self.env._(
                "%(order)s, round %(number)s",
                order=review.order_id.name or "",
                number=review.number,
            )

    @api.depends("name")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.name

    # === OPENING A ROUND ===#

    @api.model
    def _start_rounds(self, orders, steps_by_order):
        """Open a round for each order and ask its first departments.

        :param orders: sale.order records that need a review
        :param steps_by_order: ``{order id: order.review.step records}``, none of them empty
        :return: the new rounds
        """
        # sudo: nobody may create a round by hand, whatever their rights on the order
        self = self.sudo()
        # One open round a subject: what ended the last one has to reach the database first
        self.flush_model(["state"])
        contents = orders._get_review_contents()
        numbers = self._get_last_numbers(orders)
        now = fields.Datetime.now()
        reviews = self.create(
            [
                self._prepare_review_vals(
                    order, numbers.get(order.id, 0) + 1, contents[order.id], now
                )
                for order in orders
            ]
        )
        signoffs = self.env["order.signoff"].sudo()._create_for_rounds(reviews, steps_by_order)
        for review in reviews:
            as_process(review.order_id).current_review_id = review
        signoffs._open_next()
        return reviews

    @api.model
    def _get_last_numbers(self, orders):
        groups = self._read_group(
            [("res_model", "=", orders._name), ("res_id", "in", orders.ids)],
            ["res_id"],
            ["number:max"],
        )
        return dict(groups)

    @api.model
    def _prepare_review_vals(self, order, number, content, now):
        return {
            "res_model": order._name,
            "res_id": order.id,
            "order_id": order.id,
            "company_id": order.company_id.id,
            "number": number,
            "requested_by": self.env.uid,
            "requested_at": now,
            "fingerprint": order._get_fingerprint(content),
            "snapshot": order._get_review_snapshot(),
            # Explicit, so that no default of the user's own gets in
            "subject": "order",
            "state": "in_progress",
            "decided_at": False,
            "decision_count": 0,
        }

    # === CLOSING A ROUND ===#

    def _lock_for_decision(self):
        """Make a second transaction that decides on the same rounds fail and be retried.

        An UPDATE in id order, before anything is judged: a lock alone would let the second
        transaction go on with what it read before the first one committed.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE order_review SET decision_count = coalesce(decision_count, 0) + 1
                     WHERE id IN (
                           SELECT id FROM order_review WHERE id IN %s ORDER BY id
                              FOR NO KEY UPDATE)
                    """,
                    self._ids,
                )
            )

    def _advance(self):
        """Close the rounds whose last department has signed or where one has rejected, and ask
        the next departments of the others."""
        rejected = self.filtered(lambda r: "rejected" in r.signoff_ids.mapped("state"))
        approved = self.filtered(
            lambda r: all(
                state in ("approved", "skipped") for state in r.signoff_ids.mapped("state")
            )
        )
        rejected._close("rejected")
        (approved - rejected)._close("approved")
        (self - approved - rejected).signoff_ids._open_next()

    def _close(self, state):
        """Close rounds that are in progress as ``state`` and tell their subjects."""
        reviews = self.filtered(lambda review: review.state == "in_progress")
        if not reviews:
            return
        reviews.write({"state": state, "decided_at": fields.Datetime.now()})
        reviews.signoff_ids.filtered(lambda s: s.state in ("waiting", "pending"))._cancel()
        for res_model, subject_reviews in reviews.grouped("res_model").items():
            subjects = self.env[res_model].browse(subject_reviews.mapped("res_id"))
            subjects._on_review_decided(subject_reviews)

    # === TELLING THE REQUESTER ===#

    @api.model
    def _get_activity_type_id(self, kind):
        """Return the id of one of our activity types, from the cache of external ids."""
        return self.env["ir.model.data"]._xmlid_to_res_id(
            f"order_process_control.mail_activity_type_{kind}"
        )

    @api.model
    def _get_result_type_ids(self):
        """Return the activity types by which a requester learns the result."""
        return [self._get_activity_type_id("released"), self._get_activity_type_id("rejected")]

    def _tell_requesters(self):
        """Put the result on the requester's list, without a mail."""
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [review._prepare_result_activity_vals() for review in self]
        )

    def _prepare_result_activity_vals(self):
        self.ensure_one()
        if self.state == "approved":
            kind, summary = "released", self.env._("Approved: confirm the order")
        else:
            rejection = self.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
            kind = "rejected"
            summary = self.env._("%s rejected: change it and submit it again", rejection.name)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self.res_model),
            "res_id": self.res_id,
            "activity_type_id": self._get_activity_type_id(kind),
            "summary": summary,
            "user_id": self.requested_by.id,
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }

    # === FOR THE SCREEN ===#

    def _get_strip(self):
        """Return this round as the department strip shows it: plain values, times in UTC."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "number": self.number,
            "state": self.state,
            "state_label": states[self.state],
            "requested_by": self.requested_by.name,
            "requested_at": fields.Datetime.to_string(self.requested_at),
            "signoffs": self.signoff_ids._get_chips(),
        }

    # === NEVER DELETED, NEVER EDITED ===#

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Reviews are kept for ever; they cannot be deleted."))
