from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.mail.tools.discuss import add_guest_to_context


class TicketAttachment(AttachmentController):
    """Files reach a ticket with a message, on the page that bounds them: not one by one by the
    route of Odoo, which bounds neither their number nor their size."""

    @http.route()
    @add_guest_to_context
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        if thread_model == "order.ticket" and request.env.user.share:
            raise NotFound
        return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending, **kwargs)
