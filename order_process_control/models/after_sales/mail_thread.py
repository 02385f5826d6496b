import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """The mail gateway, where it leads to tickets."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        """No ticket and no answer on one is made of what a machine has written."""
        routes = super().message_route(message, message_dict, *args, **kwargs)
        tickets = self.env["order.ticket"]
        leads_to_tickets = any(route[0] == tickets._name for route in routes)
        if not leads_to_tickets or not tickets._is_automatic_mail(message, message_dict):
            return routes
        _logger.info(
            "Ignored automatic mail from %s to %s with Message-Id %s",
            message_dict.get("email_from"),
            message_dict.get("to"),
            message_dict.get("message_id"),
        )
        return [route for route in routes if route[0] != tickets._name]

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        tickets = self.env["order.ticket"]
        for model, thread_id, *_others in routes or ():
            if model == tickets._name:
                # Read by all of a ticket: a copy makes no stranger one of them
                ticket = tickets.browse(thread_id).exists() if thread_id else tickets
                partner = ticket.partner_id or self.env["res.partner"].browse(
                    values.get("author_id")
                )
                values["partner_ids"] = tickets._filter_joining(
                    self.env["res.partner"].browse(values.get("partner_ids") or ()), partner
                ).ids
        return values
