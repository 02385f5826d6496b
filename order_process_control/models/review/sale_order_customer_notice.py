from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date, format_time


class SaleOrder(models.Model):
    """What the customer reads on the order page: nothing internal, no technical word."""

    _inherit = "sale.order"

    def _get_customer_notice(self, tz=None):
        """Return what the order page tells the customer: nothing internal, no technical word.

        :param tz: the time zone of the reader, if known
        :return: None, or ``kind`` (accepted, rejected, asked_again), ``deadline`` (in words, the
            moment until which the customer has our answer, or None when it has passed or none is
            promised) and ``is_paid``
        """
        self.ensure_one()
        # sudo: only these few facts leave the method
        order = self.sudo()
        kind = order._get_customer_notice_kind()
        if not kind:
            return None
        return {
            "kind": kind,
            "deadline": order._get_answer_deadline(kind, tz),
            "is_paid": order._get_customer_payment() > 0,
        }

    def _get_customer_notice_kind(self):
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return None
        if self.customer_asked_again:
            return "asked_again"
        if self.customer_accepted:
            is_rejected = self.current_review_id.state == "rejected"
            return "rejected" if is_rejected else "accepted"
        return None

    def _get_promised_answer(self, kind):
        """Return until when the customer is answered, None when that is not promised: by the
        clock of the order if one runs, else within the hours that the company promises."""
        hours = self.company_id.order_answer_hours
        if kind == "asked_again" or hours <= 0:
            return None
        if kind == "accepted" and self.deadline_status in ("on_time", "due_soon"):
            return self.deadline_at
        start = self.customer_accepted_at
        if kind == "rejected":
            start = self.current_review_id.decided_at
        return start and start + timedelta(hours=hours)

    def _get_answer_deadline(self, kind, tz):
        """Return in words until when the customer is answered, None when that is not promised."""
        deadline = self._get_promised_answer(kind)
        if not deadline or deadline <= fields.Datetime.now():
            return None
        own_tz = tz or self.partner_id.tz
        tz = own_tz or self.company_id.partner_id.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), deadline)
        words = self.env._(
            "%(date)s, %(time)s",
            date=format_date(self.env, local.date(), date_format="full"),
            time=format_time(self.env, local.timetz(), time_format="short"),
        )
        return words if own_tz else f"{words} ({tz})"
