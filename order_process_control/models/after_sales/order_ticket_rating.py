from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..order.process_token import as_process
from ..review import activities

# Up to this a rating is looked into
LOW_RATING = 2
ASK_AFTER_DAYS = 1
REMIND_AFTER_DAYS = 7
EXPIRE_AFTER_DAYS = 30


class OrderTicket(models.Model):
    """The customer's opinion: asked once, reminded once, given once (R-349, R-399, R-407)."""

    _inherit = "order.ticket"

    rating_asked_at = fields.Datetime(readonly=True, copy=False, groups="base.group_user")
    rating_reminded_at = fields.Datetime(readonly=True, copy=False, groups="base.group_user")

    _rating_to_ask_idx = models.Index(
        "(closed_at) WHERE state = 'closed' AND rating_asked_at IS NULL"
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"rating_asked_at", "rating_reminded_at"}

    def _rating_apply_get_default_subtype_id(self):
        # An opinion about what is over is no answer that opens it again
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")

    def _get_ratings(self):
        """Return the ratings of these tickets, given or only asked for."""
        # sudo: ratings are for employees; pages show a customer's own
        return (
            self.env["rating.rating"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )

    def _rating_get_access_token(self, partner=None):
        """Return the key of the one rating that a ticket has.

        :raise AccessError: for everybody but OdooBot, who mails it to the customer: the templates
            that hold it can be rendered by every agent, in bulk with all rights
        """
        if not self.env.su or self.env.uid != SUPERUSER_ID:
            raise AccessError(
                self.env._("The key to a rating is the customer's: it is sent by itself.")
            )
        rating = self._get_ratings()[:1]
        return rating.access_token or super()._rating_get_access_token(partner)

    def _is_rateable(self):
        """Tell whether the customer may still rate: it is over and nobody has rated."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(days=EXPIRE_AFTER_DAYS)
        is_fresh = self.state == "closed" and self.closed_at and self.closed_at > limit
        return bool(is_fresh) and not self._get_ratings().filtered("consumed")

    def rating_apply(self, rate, token=None, rating=None, feedback=None, **kwargs):
        """Rate as Odoo does; once, in time and with the rating of this very ticket.

        :raise UserError: otherwise
        """
        self.ensure_one()
        if token and not rating:
            rating = self._get_ratings().filtered(lambda r: r.access_token == token)
        # Two clicks at once are one rating; sudo: customers write no ticket
        self.sudo().lock_for_update()
        self._check_rating(rating)
        rating = super().rating_apply(rate, rating=rating, feedback=feedback, **kwargs)
        self.sudo()._follow_rating(rating)
        return rating

    def _check_rating(self, rating):
        is_own = rating and rating.res_model == self._name and rating.res_id == self.id
        if not is_own or not self.env.su or not self._is_rateable():
            raise UserError(
                self.env._("%s was rated already, or cannot be rated any more.", self.name or "")
            )

    def _customer_rate(self, rate, feedback):
        """Rate in the name of the customer.

        :param rate: 1 to 5 as the form says it
        :raise UserError: for no rate, or when the ticket was rated before
        """
        self.ensure_one()
        if rate not in range(1, 6):
            raise UserError(self.env._("Please choose one to five stars."))
        if not self._is_rateable():
            raise UserError(self.env._("Thank you, you have rated this request already."))
        # Makes the rating where the customer was not asked for it
        self.with_user(SUPERUSER_ID)._rating_get_access_token()
        return self.rating_apply(
            rate, rating=self._get_ratings()[:1], feedback=self._get_customer_text(feedback)
        )

    def _follow_rating(self, rating):
        """Have a low rating looked into by the leader of the team, else by the agent."""
        user = self.team_id.leader_id or self.user_id
        if rating.rating > LOW_RATING or not user:
            return
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": "ticket_low_rating",
                    "summary": self.env._(
                        "%(ticket)s: rated %(rate)s of 5, call the customer",
                        ticket=self.display_name,
                        rate=round(rating.rating),
                    ),
                    "user_id": user.id,
                }
            ],
        )

    # === ASKING ===#

    @api.model
    def _cron_ask_rating(self):
        """Ask the customers of closed tickets for a rating, and remind them once."""
        now = fields.Datetime.now()
        for domain, template, stamp in (
            (self._get_to_ask_domain(now), "order_ticket_mail_rating", "rating_asked_at"),
            (self._get_to_remind_domain(now), "order_ticket_mail_reminder", "rating_reminded_at"),
        ):
            self._work_through(
                domain,
                lambda tickets, template=template, stamp=stamp: tickets._send_rating_mail(
                    template, stamp
                ),
            )

    def _send_rating_mail(self, template, stamp):
        """Queue the mail to those who have given no rating yet, and remember when."""
        as_process(self).write({stamp: fields.Datetime.now()})
        rated = set(self._get_ratings().filtered("consumed").mapped("res_id"))
        for ticket in self.filtered(lambda ticket: ticket.id not in rated):
            ticket._send_key_template(template, ticket.partner_id)

    @api.model
    def _get_to_ask_domain(self, now):
        # Long ago is too late: switched on, it does not write to last year's customers
        return (
            Domain("state", "=", "closed")
            & Domain("rating_asked_at", "=", False)
            & Domain("closed_at", "<=", now - timedelta(days=ASK_AFTER_DAYS))
            & Domain("closed_at", ">", now - timedelta(days=REMIND_AFTER_DAYS))
            & Domain("confirmation", "!=", False)
        )

    @api.model
    def _get_to_remind_domain(self, now):
        return (
            Domain("state", "=", "closed")
            & Domain("rating_asked_at", "<=", now - timedelta(days=REMIND_AFTER_DAYS))
            & Domain("rating_reminded_at", "=", False)
            & Domain("closed_at", ">", now - timedelta(days=EXPIRE_AFTER_DAYS))
        )
