from odoo import api, models
from odoo.tools import SQL

from ..review.fact import FAIL, PASS, WARN, Fact, Source
from .days import get_day, with_zone
from .wording import say_day


class OrderReviewCriterion(models.Model):
    """Has anybody seen what the customer remarked? (R-062, R-108)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "customer_remark": (
                self.env._("Customer's remark acknowledged"),
                self.env._(
                    "Looks at the customer's remark on the Intake page and at messages that the"
                    " customer wrote since somebody acknowledged them. The limit means nothing"
                    " here."
                ),
            )
        }

    def _check_customer_remark(self, orders):
        """Red for a remark, yellow for messages that nobody has acknowledged."""
        orders = with_zone(orders)
        messages = self._read_unseen_messages(orders)
        return {
            order.id: self._judge_remark(order, *messages.get(order.id, (0, None)))
            for order in orders
        }

    @api.model
    def _judge_remark(self, order, count, last):
        remark, seen_at = (order.customer_remark or "").strip(), order.remark_acknowledged_at
        excerpt = f"{remark[:80]}…" if len(remark) > 80 else remark
        figures = {"messages": count}
        sources = (
            Source(
                self.env._("Messages"),
                "mail.message",
                [["model", "=", "sale.order"], ["res_id", "=", order.id]],
            ),
        )
        if remark and not seen_at:
            evidence = self.env._("Nobody has acknowledged “%s” yet (Intake page).", excerpt)
            return Fact(FAIL, evidence, figures, sources if count else ())
        if count:
            evidence = self.env._(
                "The customer wrote %(count)s messages that nobody has acknowledged, the last on"
                " %(day)s (Intake page).",
                count=count,
                day=say_day(self.env, get_day(order, last)),
            )
            return Fact(WARN, evidence, figures, sources)
        if not remark:
            return Fact(PASS, self.env._("The customer made no remark."), figures)
        evidence = self.env._(
            "%(user)s acknowledged “%(remark)s” on %(day)s.",
            user=order.remark_acknowledged_by.name,
            remark=excerpt,
            day=say_day(self.env, get_day(order, seen_at)),
        )
        return Fact(PASS, evidence, figures)

    @api.model
    def _read_unseen_messages(self, orders):
        """Return ``{order id: (number, last date)}`` of what people outside the company wrote on
        the order since it was acknowledged. One query.

        The portal's own note of a signature counts for no message.
        """
        orders.flush_model(["remark_acknowledged_at", "signed_on"])
        self.env["mail.message"].flush_model(
            ["model", "res_id", "message_type", "author_id", "date", "is_internal"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, COUNT(*), MAX(message.date)
                  FROM mail_message AS message
                  JOIN sale_order AS o ON o.id = message.res_id
                 WHERE message.model = 'sale.order'
                   AND message.res_id IN %s
                   AND message.message_type IN ('comment', 'email')
                   AND message.is_internal IS NOT TRUE
                   AND (message.author_id IS NOT NULL OR message.message_type = 'email')
                   AND (o.remark_acknowledged_at IS NULL
                        OR message.date > o.remark_acknowledged_at)
                   AND (o.signed_on IS NULL
                        OR message.date NOT BETWEEN o.signed_on - interval '5 seconds'
                                                AND o.signed_on + interval '5 seconds')
                   AND NOT EXISTS (
                       SELECT 1 FROM res_users AS writer
                        WHERE writer.partner_id = message.author_id
                          AND writer.share IS NOT TRUE)
              GROUP BY o.id
                """,
                orders._ids or (0,),
            )
        )
        return {order_id: (count, last) for order_id, count, last in rows}
