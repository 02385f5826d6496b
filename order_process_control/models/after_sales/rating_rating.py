from odoo import api, models
from odoo.exceptions import AccessError


class RatingRating(models.Model):
    """Ratings of tickets are the customer's: nobody of ours enters or mends them."""

    _inherit = "rating.rating"

    @api.model
    def _has_field_access(self, field, operation):
        # Whoever has the key rates in the name of the customer
        if field.name == "access_token" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

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
