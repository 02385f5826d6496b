import hashlib
import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .contact import CONTACT_METHODS
from .process_token import as_process


class OrderOralRecord(models.Model):
    """Both sides confirm what was agreed by word of mouth; then it is a contract (R-013)."""

    _inherit = "order.oral.record"

    def action_confirm_ours(self):
        """Confirm these records for us, in the name of the user.

        :return: True
        :raise AccessError: for whoever may not write the orders, or is no user of the process
        :raise UserError: when one is confirmed by us already
        """
        self._check_may_confirm()
        if self.filtered("ours_confirmed_at"):
            raise UserError(self.env._("It is confirmed by us already."))
        now = fields.Datetime.now()
        self._confirm("oral_ours", {"ours_confirmed_by": self.env.uid, "ours_confirmed_at": now})
        self._log_on_order(self.env._("Confirmed the oral order for us."))
        return True

    def action_confirm_customer(self, name, how):
        """Note that the customer confirms these records.

        :param str name: who confirms at the customer
        :param str how: phone, email, visit, chat or other
        :return: True
        :raise AccessError: for whoever may not write the orders, or is no user of the process
        :raise UserError: without a name, with an unknown way, or when it is confirmed already
        """
        self._check_may_confirm()
        name = name.strip() if isinstance(name, str) else ""
        if not name:
            raise UserError(self.env._("Write who confirms it at the customer."))
        if how not in dict(CONTACT_METHODS):
            raise UserError(
                self.env._("Choose how the customer confirms it: phone, e-mail, visit or chat.")
            )
        if self.filtered("customer_confirmed_at"):
            raise UserError(self.env._("It is confirmed by the customer already."))
        self._confirm(
            "oral_customer",
            {
                "customer_confirmed_name": name,
                "customer_confirm_method": how,
                "customer_confirmed_at": fields.Datetime.now(),
                "customer_noted_by": self.env.uid,
            },
        )
        self._log_on_order(self.env._("Noted that the customer confirms the oral order."))
        return True

    def action_correct(self):
        """Begin a new record that takes the place of this contract.

        :return: the window action of the new record
        :raise UserError: when this is no contract yet, and can simply be edited
        """
        self._check_may_confirm()
        if len(self) != 1 or not self.contract_since:
            raise UserError(self.env._("It is no contract yet: edit the record itself."))
        names = self._get_agreed_fields()
        vals = {name: self._fields[name].convert_to_write(self[name], self) for name in names}
        correction = self.create(vals)
        as_process(correction).corrects_id = self
        return correction._get_records_action(name=self.env._("Oral/Phone Order Record"))

    def _check_may_confirm(self):
        """Take the orders' ledgers, so that two who confirm at once do it one after the other.

        :raise AccessError: without write access to the orders or the right to submit them
        """
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose an Oral/Phone Order Record."))
        if not (self.env.su or self.env.user.has_group("order_process_control.group_order_user")):
            raise AccessError(
                self.env._("Only who has the right “Order Control: User” confirms oral orders.")
            )
        self.env["order.ledger"]._lock(self.order_id)

    def _confirm(self, kind, vals):
        """Stamp one side's confirmation and, with the second one, the contract."""
        entries = []
        for record in self:
            is_second = bool(record.ours_confirmed_at or record.customer_confirmed_at)
            since = {"contract_since": fields.Datetime.now()} if is_second else {}
            as_process(record).write({**vals, **since})
            payload = {"record": record.id, "hash": record._get_digest(), "contract": is_second}
            entries.append((record.order_id, kind, payload))
        self.env["order.ledger"]._append(entries)

    def _void_confirmations(self):
        """What was confirmed is something else now: both sides have to confirm it again."""
        if not self:
            return
        self.env["order.ledger"]._lock(self.order_id)
        as_process(self).write(dict.fromkeys(self._get_process_fields(), False))
        self.env["order.ledger"]._append(
            [(r.order_id, "oral_voided", {"record": r.id, "hash": r._get_digest()}) for r in self]
        )
        self._log_on_order(
            self.env._("Changed the oral order record: it has to be confirmed again.")
        )

    def _get_digest(self):
        """Return the digest of what is confirmed: the ledger proves the text without holding it."""
        self.ensure_one()
        # sudo: the whole record is proven, whatever the user sees of it
        record = self.sudo()
        facts = {
            name: str(record._fields[name].convert_to_read(record[name], record, False) or "")
            for name in self._get_agreed_fields()
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def _log_on_order(self, body):
        """Say it in the history of the orders, in the name of the user and without mailing."""
        # sudo: a line of the process, whatever the user may post
        orders = self.order_id.sudo()
        orders._message_log_batch(
            bodies=dict.fromkeys(orders.ids, body), author_id=self.env.user.partner_id.id
        )
