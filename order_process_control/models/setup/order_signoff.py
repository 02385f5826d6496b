from odoo import api, models
from odoo.exceptions import AccessError, UserError

# Who is asked only because nobody of the department can sign
STAND_INS = {"department_manager", "process_manager"}


class OrderSignoff(models.Model):
    """What leavers have left open is handed to a colleague; where nobody signs yet the app opens
    with the set-up."""

    _inherit = "order.signoff"

    @api.model
    def _get_landing_action(self):
        """The process manager who opens the app first finds the set-up, once for a company."""
        is_manager = self.env.user.has_group("order_process_control.group_order_manager")
        if is_manager and self.env.company._take_setup_offer():
            return self.env["order.process.setup"].action_open()
        return super()._get_landing_action()

    def _filter_stranded(self):
        """Return the open sign-offs that nobody of those who were meant to sign can sign, so that
        a manager is asked in their place, or nobody at all."""
        signers = self._get_signers()
        return self.filtered(
            lambda s: s.state == "pending"
            and not (
                set(signers[s.id].able.values())
                - (
                    STAND_INS - {"department_manager"}
                    if s.decision_rule == "manager"
                    else STAND_INS
                )
            )
        )

    def action_reassign(self, user_id, until):
        """Let a colleague sign what nobody of the department can sign: leavers' open sign-offs.

        It is a delegation like any other, in the process manager's name: the ledger knows of it,
        and who sells or changed the order does not sign it.

        :param int user_id: an internal user with the right to sign
        :param until: date (to its end, in the caller's time zone) or date and time in UTC
        :return: True
        :raise AccessError: for everybody but the process manager
        :raise UserError: for sign-offs whose own signers are there, or when the colleague could
            not sign one of them
        """
        if not self.env.user.has_group("order_process_control.group_order_manager"):
            raise AccessError(
                self.env._("Only process managers hand on what others were asked to sign.")
            )
        if not self:
            raise UserError(self.env._("Choose the sign-offs that somebody else shall sign."))
        self.check_access("read")
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        attended = signoffs - signoffs._filter_stranded()
        if attended:
            raise UserError(
                self.env._(
                    "%s: those who were asked are there to sign. Remind them, or let them delegate"
                    " it themselves.",
                    ", ".join(attended.mapped("display_name")),
                )
            )
        signoffs._delegate_to(self._get_delegate(user_id), self._parse_until(until))
        return True
