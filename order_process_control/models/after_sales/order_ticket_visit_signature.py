import base64
import binascii
import hashlib
import json

from PIL import Image

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import ImageProcess
from odoo.tools.misc import get_lang

from ..order.process_token import as_process

# What is drawn in the dialog is some kilobytes
SIGNATURE_BYTES = 1024 * 1024
SIGNATURE_SIZE = (1200, 800)
SIGNATURE_FORMATS = ("PNG", "JPEG")
NAME_LENGTH = 100
# What the customer signs for
REPORT_FIELDS = (
    *("kind", "partner_id", "user_id", "arrived_at", "left_at"),
    *("findings", "work_done", "parts_used", "result", "customer_opinion"),
)


class OrderTicketVisit(models.Model):
    """The customer signs the report on the page of the ticket, when nobody had a screen to sign on
    at hand.

    The page checks who asks; the methods here take the res.partner who it is.
    """

    _inherit = "order.ticket.visit"

    signer_partner_id = fields.Many2one(
        "res.partner",
        string="Signed on Their Page by",
        readonly=True,
        copy=False,
        help="Whose account or mail the customer's page was opened with. Empty: signed on a device"
        " of ours.",
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"signer_partner_id"}

    def _get_portal_visits(self):
        """Return those that the customer is told of, the next ones first."""
        return self.filtered(lambda visit: visit.state in ("planned", "done")).sorted(
            lambda visit: (visit.state != "planned", -visit.start.timestamp())
        )

    def _waits_for_signature(self):
        """Tell whether the report is there and the customer has still to sign it."""
        self.ensure_one()
        is_done = self.state == "done" and self._is_reported()
        return is_done and not self.signed_at and self.ticket_id.state != "cancelled"

    def action_ask_signature(self):
        """Write to the customers of these visits that the report waits for them.

        :return: True
        :raise UserError: for a visit without a report, or that is signed
        """
        self.check_access("write")
        for visit in self:
            if not visit._waits_for_signature():
                raise UserError(
                    self.env._(
                        "%s has no report that waits for a signature: write the report and press"
                        " Done first.",
                        visit.display_name,
                    )
                )
            # In the language of who reads it
            lang = get_lang(self.env, visit.ticket_id.partner_id.lang).code
            message = visit.with_context(lang=lang)._get_signature_request()
            visit.ticket_id._tell_customer(message)
        return True

    def _get_signature_request(self):
        return self.env._(
            "The report of our visit is ready. Please read and sign it on the page of your request."
        )

    def _get_report_hash(self):
        """Return a short word for what the report says now: what is signed is what was read."""
        self.ensure_one()
        values = [self._fields[name].convert_to_read(self[name], self) for name in REPORT_FIELDS]
        text = json.dumps(values, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _get_report_ref(self):
        """Return the external id of the report of such a visit."""
        self.ensure_one()
        name = "onsite_service" if self.kind == "onsite" else "visit"
        return f"order_process_control.action_report_{name}_report"

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.display_name

    def _customer_sign(self, partner, name, signature, read_hash):
        """Sign the report in the name of the customer, once.

        :param partner: the res.partner whose account or mail it is
        :param str name: who signs
        :param str signature: a picture in base64
        :param str read_hash: of the report that was on the page
        :raise UserError: when it does not wait for a signature, has changed, or nobody has signed
        """
        self.ensure_one()
        # Two clicks at once are one signature
        self.lock_for_update()
        self.invalidate_recordset()
        if not self._waits_for_signature():
            raise UserError(self.env._("This report is not waiting for your signature any more."))
        if read_hash != self._get_report_hash():
            raise UserError(
                self.env._("The report has changed. Please load the page again and read it first.")
            )
        name = self.env["order.ticket"]._get_customer_text(name, NAME_LENGTH).strip()
        if not name:
            raise UserError(self.env._("Please enter your name."))
        self.write({"signed_by": name, "signature": self._clean_signature(signature)})
        as_process(self).write({"signer_partner_id": partner.id})
        self.ticket_id._message_log(
            body=self.env._(
                "%(name)s has signed the report of %(visit)s on the customer's page.",
                name=name,
                visit=self.display_name,
            ),
            author_id=partner.id,
        )

    @api.model
    def _clean_signature(self, signature):
        """Return the picture that somebody outside has sent, drawn anew and of bounded size, in
        base64.

        :raise UserError: for what is no picture, or an empty one
        """
        text = signature if isinstance(signature, str) else ""
        if not text:
            raise UserError(self.env._("Please draw your signature."))
        wrong = UserError(self.env._("This signature could not be read: please draw it again."))
        if len(text) > SIGNATURE_BYTES:
            raise wrong
        try:
            picture = ImageProcess(base64.b64decode(text, validate=True))
            if not picture.image or picture.original_format not in SIGNATURE_FORMATS:
                raise wrong
            picture.image = picture.image.convert("RGBA")
            picture.operationsCount += 1
            extrema = picture.image.getextrema()
            drawn = picture.resize(*SIGNATURE_SIZE).image_quality(output_format="PNG")
        except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise wrong from None
        if all(low == high for low, high in extrema):
            raise UserError(self.env._("Please draw your signature."))
        return base64.b64encode(drawn)
