from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import float_compare, plaintext2html

from .order_ticket_limits import SUBJECT_LENGTH

# What a customer may ask for
CUSTOMER_OUTCOMES = ("exchange", "repair", "return", "resupply")


class OrderTicket(models.Model):
    """Tickets that customers open themselves on the pages of the portal."""

    _inherit = "order.ticket"

    @api.model
    def _get_customer_categories(self, company):
        """Return the categories that a customer of ``company`` may choose from."""
        # sudo: only names and descriptions are shown
        categories = self.env["order.ticket.category"].sudo()
        return categories.search(Domain("company_id", "in", (company.id, False)))

    @api.model
    def _get_customer_choices(self):
        """Return what else the customer chooses from: ``{"reasons": [...], "outcomes": [...]}``."""
        lines = self.env["order.ticket.line"]._fields
        outcomes = lines["requested_outcome"]._description_selection(self.env)
        return {
            "reasons": lines["reason"]._description_selection(self.env),
            "outcomes": [pair for pair in outcomes if pair[0] in CUSTOMER_OUTCOMES],
        }

    @api.model
    def _create_for_customer(self, partner, company, values, order=None, files=()):
        """Open a ticket for a customer who has filled in the form.

        :param partner: the res.partner who is known to ask
        :param dict values: subject, description, category_id, reason, outcome as typed, and
            ``quantities`` by id of order line; nothing else is taken from it
        :param order: an order of theirs, as superuser
        :param list files: pairs of name and content
        :return: the ticket as superuser
        :raise UserError: for what is missing, too much, or not theirs
        """
        self._check_ticket_flood(partner)
        self._check_files(files)
        self._check_message_flood(partner, len(files))
        vals = self._prepare_customer_vals(partner, company, values, order)
        # sudo: customers create tickets by this way alone
        ticket = self.sudo().with_context(mail_create_nosubscribe=True).create(vals)
        ticket.message_subscribe(partner_ids=partner.ids)
        if files:
            ticket._attach_customer_files(files)
        ticket._send_receipt()
        return ticket

    def _attach_customer_files(self, files):
        """Keep the files of the form as the customer's first message."""
        self.with_context(attachments_mime_plainxml=True).message_post(
            body=self.env._("Files sent with the request"),
            author_id=self.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[tuple(file) for file in files],
        )

    @api.model
    def _prepare_customer_vals(self, partner, company, values, order):
        subject = self._get_customer_text(values.get("subject"), SUBJECT_LENGTH)
        text = self._get_customer_text(values.get("description"))
        if not subject or not text:
            raise UserError(
                self.env._("Please write in a few words what it is about, and what is wrong.")
            )
        category = self._get_customer_categories(company).filtered(
            lambda category: category.id == values.get("category_id")
        )
        if not category:
            raise UserError(self.env._("Please choose what your request is about."))
        return {
            "subject": " ".join(subject.split()),
            "description": plaintext2html(text),
            "partner_id": partner.id,
            "company_id": company.id,
            "category_id": category.id,
            "channel": "portal",
            "order_id": order.id if order else False,
            "line_ids": [
                Command.create(vals) for vals in self._prepare_customer_lines(values, order)
            ],
        }

    @api.model
    def _prepare_customer_lines(self, values, order):
        """Return the values of the goods that the customer has marked.

        :raise UserError: for more than was delivered and is not on another ticket yet
        """
        quantities = values.get("quantities") or {}
        if not order or not any(quantities.values()):
            return []
        choices = self._get_customer_choices()
        reason, outcome = values.get("reason"), values.get("outcome")
        if reason not in dict(choices["reasons"]):
            raise UserError(self.env._("Please choose what is wrong with the goods."))
        if outcome not in dict(choices["outcomes"]):
            outcome = False
        vals_list = []
        for line, available in order.order_line._get_reportable_quantities().items():
            quantity = quantities.get(line.id) or 0
            if quantity:
                self._check_reportable(line, quantity, available)
                vals_list.append(
                    {
                        "order_line_id": line.id,
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "reason": reason,
                        "requested_outcome": outcome,
                    }
                )
        return vals_list

    @api.model
    def _check_reportable(self, line, quantity, available):
        rounding = line.product_uom_id.rounding
        if quantity < 0 or float_compare(quantity, available, precision_rounding=rounding) > 0:
            raise UserError(
                self.env._(
                    "“%(product)s”: %(available)g can be reported, which is what you have received"
                    " and not reported yet.",
                    product=line.product_id.display_name,
                    available=available,
                )
            )
