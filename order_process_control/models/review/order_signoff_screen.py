from odoo import api, fields, models
from odoo.fields import Domain


class OrderSignoff(models.Model):
    """What a signer has to know before deciding: for whom they sign, what they are asked to
    overrule, what the departments before them said."""

    _inherit = "order.signoff"

    overruling = fields.Text(
        compute="_compute_overruling", help="Which rejection is to be overruled, and why (R-082)."
    )
    is_overruling = fields.Boolean(
        compute="_compute_overruling", help="Approving this overrules a rejection."
    )
    row_note = fields.Char(string="Note", compute="_compute_row_note")
    remarks_summary = fields.Html(
        string="What Others Said", compute="_compute_remarks_summary", sanitize=False
    )

    @api.depends("review_id", "is_final")
    @api.depends_context("lang")
    def _compute_overruling(self):
        for signoff in self:
            # sudo: who reads the sign-off knows what is to be overruled, in whatever round it is
            review = signoff.sudo().review_id
            signoff.is_overruling = bool(review.overrules_id and signoff.is_final)
            signoff.overruling = bool(review.overrules_id) and "\n".join(
                [
                    *review._get_overruled_sentences(),
                    self.env._(
                        "%(person)s says why the customer refuses: %(reason)s",
                        person=review.requested_by.name,
                        reason=review.reason or "",
                    ),
                ]
            )

    @api.depends("open_question_since", "signing_for")
    @api.depends_context("lang")
    def _compute_row_note(self):
        """Say in a list what sets a sign-off apart from the others."""
        for signoff in self:
            question = signoff.open_question_since and self.env._("Sales was asked.")
            signoff.row_note = " ".join(filter(None, [question, signoff.signing_for]))

    @api.depends("review_id")
    @api.depends_context("lang", "tz")
    def _compute_remarks_summary(self):
        for signoff in self:
            # sudo: the names and open points of the departments of one's own round
            remarks = (signoff.sudo().review_id.signoff_ids - signoff.sudo())._get_remarks()
            signoff.remarks_summary = remarks and self.env["ir.qweb"]._render(
                "order_process_control.order_review_remarks", {"remarks": remarks}
            )

    def _get_signing_words(self, signers):
        """Return on whose behalf the user signs, in a sentence, or False for their own right.

        :param Signers signers: of this sign-off
        """
        self.ensure_one()
        entitlement = signers.able.get(self.env.uid)
        if entitlement == "deputy":
            # sudo: the names of colleagues
            absent = self.env["res.users"].sudo().browse(signers.roots[self.env.uid])
            names = ", ".join((absent - self.env.user.sudo()).mapped("name"))
            return self.env._("You sign as deputy of %s.", names)
        if entitlement == "delegate":
            return self.env._("You sign because %s asked you to.", self.delegated_by.sudo().name)
        if entitlement == "process_manager":
            return self.env._("You sign as process manager, because nobody else is left to.")
        return False

    # === LANDING ===#

    @api.model
    def _get_landing_action(self):
        """Return the action that the app opens with: My Sign-offs for who signs, else the orders.

        Asked as cheaply as it can be: who has the right to sign opens their list.
        """
        signs = self.env.user.has_group("order_process_control.group_order_reviewer")
        if not signs and self.env["sale.order"].has_access("read"):
            signs = self.has_access("read") and bool(
                self.search_count(Domain("can_decide", "=", True), limit=1)
            )
            if not signs:
                return self._get_app_action("sale_order_action_process")
        return self._get_app_action("order_signoff_action_mine")

    @api.model
    def _get_app_action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(f"order_process_control.{name}")


class OrderReview(models.Model):
    _inherit = "order.review"

    def _get_overruled_sentences(self):
        """Return who rejected what this round is to overrule, and why, one sentence each."""
        self.ensure_one()
        rejections = self.signoff_ids.filtered(lambda s: s.state == "skipped").basis_id
        rejections |= self.overrules_id.signoff_ids.filtered(lambda s: s.state == "rejected")
        return [
            self.env._(
                "Round %(number)s was rejected by %(person)s (%(department)s): %(reason)s",
                number=rejection.review_id.number,
                person=rejection.decided_by.name,
                department=rejection.name,
                reason=rejection.comment,
            )
            for rejection in rejections
        ]
