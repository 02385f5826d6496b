from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_time, get_lang

from ..order.process_token import as_process

REMINDER_INTERVAL = timedelta(hours=1)


class SaleOrder(models.Model):
    """Who waits for a review can remind whoever holds it up."""

    _inherit = "sale.order"

    def action_remind(self):
        """Send everybody who can sign these orders now one message each.

        It goes to the inbox or as a mail, as each of them prefers, at most once an hour for an
        order.

        :return: a notification that names who was reminded
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: one line for each order that cannot be reminded of, with the reason;
            nobody is reminded then
        """
        self._check_may_remind()
        signers = self._get_signers_to_remind()
        self._check_reminder(signers)
        # sudo: rounds are not writable for anybody. A second reminder at the same moment fails
        # on this row, is tried again by Odoo and is refused then.
        as_process(self.sudo().current_review_id).write({"reminded_at": fields.Datetime.now()})
        self.env.flush_all()
        self._notify_signers(signers)
        sentences = {order: order._get_reminder_sentence(signers) for order in self}
        self.sudo()._message_log_batch(
            bodies={
                order.id: self.env._("Reminded: %s", sentence)
                for order, sentence in sentences.items()
            },
            author_id=self.env.user.partner_id.id,
        )
        return self._prepare_reminder_notification(sentences)

    def _check_may_remind(self):
        """Write access alone is not enough: Odoo gives it to warehouse and accounting as well.

        :raise AccessError: names the right that is missing.
        """
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("order_process_control.group_order_user")):
            raise AccessError(
                self.env._("Only who has the right “Order Control: User” reminds signers.")
            )

    def _get_signers_to_remind(self):
        """Return ``{pending sign-off: users}`` (both as superuser), without the user itself."""
        # sudo: who reads the order may know who holds it up, see _compute_review_state
        pending = self.sudo().current_review_id.signoff_ids.filtered(
            lambda signoff: signoff.state == "pending"
        )
        candidates = pending._get_candidates()
        return {signoff: (candidates[signoff.id] - self.env.user).sudo() for signoff in pending}

    def _check_reminder(self, signers):
        """:raise UserError: one line an order with why nobody can be reminded now."""
        lines = [
            self.env._("%(order)s: %(problem)s", order=order.name, problem=problem)
            for order in self
            if (problem := order._get_reminder_problem(signers))
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_reminder_problem(self, signers):
        """Return why nobody can be reminded of this order now, with what to do, or False."""
        self.ensure_one()
        # sudo: see _get_signers_to_remind
        reminded_at = self.sudo().current_review_id.reminded_at
        if self.review_state != "in_review":
            return self.env._(
                "Nobody is signing it now. Reminders are for orders that are in review."
            )
        if reminded_at and reminded_at > fields.Datetime.now() - REMINDER_INTERVAL:
            return self.env._(
                "The signers were reminded less than an hour ago. You can remind them again at %s.",
                format_time(self.env, reminded_at + REMINDER_INTERVAL, self.env.user.tz, "short"),
            )
        if not any(users for signoff, users in signers.items() if signoff.order_id.id == self.id):
            return self.env._(
                "There is nobody to remind but yourself, or nobody at all who can sign. Ask a"
                " process manager who is to sign for: %s.",
                self.review_waiting_for,
            )
        return False

    def _notify_signers(self, signers):
        """Send each person one message that names all that they hold up of an order."""
        held_up = defaultdict(lambda: self.env["order.signoff"].sudo())
        for signoff, users in signers.items():
            for user in users:
                held_up[user, signoff.order_id] |= signoff
        groups = defaultdict(lambda: self.env["res.users"].sudo())
        for (user, _order), signoffs in held_up.items():
            groups[signoffs, get_lang(self.env, user.lang).code] |= user
        for (signoffs, lang), users in groups.items():
            # sudo: nobody has write access to sign-offs, which posting on them takes
            signoffs.with_context(lang=lang)[:1].message_notify(
                partner_ids=users.partner_id.ids,
                author_id=self.env.user.partner_id.id,
                **self.with_context(lang=lang)._prepare_reminder_message(signoffs),
            )

    def _prepare_reminder_message(self, signoffs):
        """Return subject and body of a reminder, in the language of the environment."""
        order, name = signoffs.order_id, signoffs.review_id._get_subject_name()
        departments = ", ".join(
            self.env._(
                "%(department)s (asked %(duration)s ago)",
                department=signoff.name,
                duration=signoff.with_env(self.env)._get_waiting_words(),
            )
            for signoff in signoffs
        )
        return {
            "subject": self.env._("%s waits for your sign-off", name),
            "body": self.env._(
                "%(person)s reminds you: %(order)s of %(customer)s waits for your sign-off:"
                " %(departments)s.",
                person=self.env.user.name,
                order=name,
                customer=order.partner_id.display_name,
                departments=departments,
            ),
        }

    def _get_reminder_sentence(self, signers):
        """Return who was reminded, department by department, and for how long they have it."""
        self.ensure_one()
        return "; ".join(
            self.env._(
                "%(department)s: %(names)s (asked %(duration)s ago)",
                department=signoff.name,
                names=", ".join(users.mapped("name")) or self.env._("nobody"),
                duration=signoff.with_env(self.env)._get_waiting_words(),
            )
            for signoff, users in signers.items()
            if signoff.order_id.id == self.id
        )

    def _prepare_reminder_notification(self, sentences):
        lines = (
            list(sentences.values())
            if len(sentences) == 1
            else [f"{order.name}: {sentence}" for order, sentence in sentences.items()]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Reminded"),
                "message": ". ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
