from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class RatingRating(models.Model):
    """Ratings of tickets are the customer's: nobody of ours enters or mends them, and they are
    read by who reads the ticket. For Odoo every employee reads every rating."""

    _inherit = "rating.rating"

    @api.model
    def _has_field_access(self, field, operation):
        # Whoever has the key rates in the name of the customer
        if field.name == "access_token" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        forbidden, error = result or (self.browse(), None)
        # sudo: what is rated, also what the user may not read
        rated = {
            rating.id: rating.res_id
            for rating in (self - forbidden).sudo()
            if rating.res_model == "order.ticket"
        }
        readable = set(self._get_readable_tickets(rated.values())._ids) if rated else ()
        hidden = self.browse(id_ for id_, res_id in rated.items() if res_id not in readable)
        if not hidden:
            return result
        return forbidden | hidden, error or (lambda: self._get_hidden_error(hidden))

    @api.model
    def _get_readable_tickets(self, ids):
        tickets = self.env["order.ticket"].browse(set(ids)).exists()
        return tickets._filtered_access("read")

    @api.model
    def _get_hidden_error(self, hidden):
        return AccessError(
            self.env._("Only who may read a ticket reads its rating (%s).", len(hidden))
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            tickets = self.env["order.ticket"].with_context(active_test=False)
            readable = Domain.FALSE
            if tickets.has_access("read"):
                readable = Domain("res_id", "in", tickets._search(Domain.TRUE))
            domain = Domain(domain) & (Domain("res_model", "!=", "order.ticket") | readable)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._check_ticket_rating()
        return ratings

    def write(self, vals):
        self._check_ticket_rating()
        result = super().write(vals)
        self._check_ticket_rating()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never_of_tickets(self):
        self._check_ticket_rating()

    def _check_ticket_rating(self):
        """:raise AccessError: for ratings of tickets, unless it is the ticket itself that writes"""
        # sudo: whatever is rated, also what the user may not read
        if not self.env.su and "order.ticket" in self.sudo().mapped("res_model"):
            raise AccessError(
                self.env._("Customers rate their tickets themselves: ratings are not entered.")
            )
