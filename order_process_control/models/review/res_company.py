from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_release_days = fields.Integer(
        string="Approvals Valid for (days)",
        help="An approved quotation that is not confirmed by then is reviewed again; 0: for ever.",
    )
    order_digest_mail = fields.Boolean(
        string="Daily Mail of Sign-offs",
        default=True,
        help="Once a day one mail to everybody who has something to sign, with the list of it.",
    )
    order_answer_hours = fields.Integer(
        string="Answer Customers Within",
        default=24,
        help="Hours from online acceptance until the customer is told that the order is confirmed."
        " 0 promises no moment.",
    )
    order_release_before_sending = fields.Boolean(
        string="Send Quotations Only after Release",
        help="A quotation that needs a review cannot be sent to the customer before it is"
        " approved.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "order_process_manager_id" in vals:
            self.env["order.signoff"]._refresh_signers()
        return result
