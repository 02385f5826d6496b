from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..order.process_token import as_process, is_process, without

DOCUMENTS = [
    ("licence", "Business Licence"),
    ("register", "Extract from the Commercial Register"),
    ("identity_card", "Identity Card"),
    ("passport", "Passport"),
    ("contract", "Existing Contract"),
    ("other", "Other Document"),
]


class ResPartner(models.Model):
    """Who has verified who a customer is, and on which document (R-009, R-123)."""

    _inherit = "res.partner"

    identity_verified_at = fields.Datetime(
        string="Identity Verified On", readonly=True, copy=False, groups="base.group_user"
    )
    identity_verified_by = fields.Many2one(
        "res.users",
        string="Identity Verified by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    identity_document_kind = fields.Selection(
        DOCUMENTS,
        string="Document Seen",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    # What was verified, to see whether the partner has become another one since
    identity_verified_as = fields.Json(copy=False, groups=fields.NO_ACCESS)
    identity_state = fields.Selection(
        [("none", "Not Verified"), ("verified", "Verified"), ("changed", "Changed since Verified")],
        string="Identity",
        compute="_compute_identity_state",
        groups="base.group_user",
    )

    @api.depends(lambda self: ["identity_verified_at", *self._get_identity_fields()])
    def _compute_identity_state(self):
        for partner in self:
            if not partner.identity_verified_at:
                partner.identity_state = "none"
            else:
                unchanged = partner._is_identity_unchanged()
                partner.identity_state = "verified" if unchanged else "changed"

    @api.model
    def _get_identity_fields(self):
        """Return the fields that say who a partner is: when one changes, verify again."""
        return ["name", "vat", "company_registry", "is_company"]

    def _get_identity(self):
        self.ensure_one()
        return [self[name] or False for name in self._get_identity_fields()]

    def _is_identity_unchanged(self):
        self.ensure_one()
        # sudo: kept for this comparison alone
        return self.sudo().identity_verified_as == self._get_identity()

    def _get_identity_document_label(self):
        self.ensure_one()
        field = self._fields["identity_document_kind"]
        labels = dict(field._description_selection(self.env))
        return labels.get(self.identity_document_kind, "")

    # === WHO SETS IT ===#

    @api.model
    def _get_identity_stamps(self):
        """Return the fields that only :meth:`action_verify_identity` writes."""
        return {
            "identity_verified_at",
            "identity_verified_by",
            "identity_document_kind",
            "identity_verified_as",
        }

    @api.model_create_multi
    def create(self, vals_list):
        stamps = self._get_identity_stamps()
        if not is_process(self.env):
            self._check_identity_stamps({n for vals in vals_list for n in stamps if vals.get(n)})
        # Explicit: a default of the user's own or of the context is as good as a value
        names = {n for n in stamps if self._has_field_access(self._fields[n], "write")}
        return super().create([without(vals, names) for vals in vals_list])

    def write(self, vals):
        if not is_process(self.env):
            self._check_identity_stamps(self._get_identity_stamps() & vals.keys())
        return super().write(vals)

    def _check_identity_stamps(self, names):
        """
        :raise AccessError: when ``names`` is not empty
        """
        if names:
            raise AccessError(
                self.env._(
                    "That the identity of a customer was verified is not written by hand: use"
                    " “Verify Identity” on the contact."
                )
            )

    def action_verify_identity(self, document_kind):
        """Stamp that the user has seen a document that says who these customers are (R-009).

        Contacts of a company stand for it: their commercial partners are stamped.

        :param str document_kind: a value of ``identity_document_kind``
        :return: True
        :raise AccessError: without the right to submit orders, or without access to the contacts
        :raise UserError: for an unknown kind of document, or the user's own contact
        """
        self._check_may_verify_identity()
        kinds = [kind for kind, _label in DOCUMENTS]
        if document_kind not in kinds:
            raise UserError(self.env._("Choose which document you have seen."))
        for partner in self.commercial_partner_id:
            # sudo: the stamp is not writable for anybody
            as_process(partner.sudo()).write(
                {
                    "identity_verified_at": fields.Datetime.now(),
                    "identity_verified_by": self.env.uid,
                    "identity_document_kind": document_kind,
                    "identity_verified_as": partner.sudo()._get_identity(),
                }
            )
            partner._note_identity(
                self.env._("Identity verified: %s.", partner._get_identity_document_label())
            )
        return True

    def action_revoke_identity(self):
        """Take back that the identity of these customers was verified.

        :return: True
        :raise AccessError: without the right to submit orders, or without access to the contacts
        """
        self._check_may_verify_identity()
        partners = self.commercial_partner_id.filtered("identity_verified_at")
        # sudo: the stamp is not writable for anybody
        as_process(partners.sudo()).write(dict.fromkeys(self._get_identity_stamps(), False))
        for partner in partners:
            partner._note_identity(self.env._("The identity is not verified any more."))
        return True

    def _note_identity(self, text):
        # sudo: who may not write the contact may still say what was done with it
        self.sudo().message_post(
            body=text, author_id=self.env.user.partner_id.id, subtype_xmlid="mail.mt_note"
        )

    def _check_may_verify_identity(self):
        self.check_access("read")
        self.commercial_partner_id.check_access("read")
        groups = ("user", "reviewer")
        if not any(
            self.env.user.has_group(f"order_process_control.group_order_{name}") for name in groups
        ):
            raise AccessError(
                self.env._(
                    "Only who has a right in “Order Control” verifies the identity of customers."
                )
            )
        if self.env.user.partner_id in self | self.commercial_partner_id:
            raise UserError(
                self.env._("Nobody verifies their own identity: ask a colleague to do it.")
            )

    def action_open_identity(self):
        """Ask which document was seen.

        :return: a window action
        :raise AccessError: see :meth:`action_verify_identity`
        """
        self._check_may_verify_identity()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify Identity"),
            "res_model": "order.identity.verification",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        # Odoo writes all values of the partners that go into the one that stays. What was verified
        # of another partner comes without ``identity_verified_as``, hence shows as changed.
        return super()._update_values(src_partners, as_process(dst_partner))
