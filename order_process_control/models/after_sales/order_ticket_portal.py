from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, plaintext2html

# What customers have to do something about
ASKED_STATES = ("waiting_customer", "resolved")
CUSTOMER_OPEN_STATES = ("new", "in_progress", "waiting_customer", "waiting_internal", "resolved")


class OrderTicket(models.Model):
    """What the customer sees of a ticket and says to it on the pages of the portal.

    The pages check who asks; the methods here take the res.partner who it is.
    """

    _inherit = "order.ticket"

    @api.model
    def _get_own_domain(self, user):
        """Return the domain of the tickets of which ``user`` is the customer."""
        return Domain("commercial_partner_id", "=", user.partner_id.commercial_partner_id.id)

    def _get_portal_role(self, user, has_key=False):
        """Return what ``user``, who may read this ticket, is to it: "customer", "handler" or
        "staff".

        :param has_key: the key to the ticket was shown
        """
        self.ensure_one()
        if not user.share:
            return "staff"
        own = user.partner_id.commercial_partner_id
        return "customer" if has_key or self.commercial_partner_id == own else "handler"

    # === WHAT HAPPENS NEXT ===#

    @api.model
    def _get_portal_state_words(self):
        """Return ``{state: (colour, words)}``: states as customers are told them."""
        return {
            "new": ("info", self.env._("Received")),
            "in_progress": ("primary", self.env._("In Progress")),
            "waiting_internal": ("primary", self.env._("In Progress")),
            "waiting_customer": ("warning", self.env._("Waiting for You")),
            "resolved": ("warning", self.env._("Please Confirm")),
            "closed": ("success", self.env._("Closed")),
            "cancelled": ("secondary", self.env._("Cancelled")),
        }

    def _get_portal_states(self):
        """Return ``{ticket id: (colour, words)}`` of the states as customers are told them."""
        words = self._get_portal_state_words()
        return {ticket.id: words[ticket.state] for ticket in self}

    def _get_portal_dates(self):
        """Return ``{ticket id: {clock: datetime}}`` of what was promised and is not late."""
        # sudo: promises are internal; of them only until when is told
        deadlines = self.env["order.deadline"].sudo()
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("stopped_at", "=", False),
            ("paused_at", "=", False),
            ("deadline", ">", fields.Datetime.now()),
        ]
        dates = {ticket.id: {} for ticket in self}
        for deadline in deadlines.search_fetch(domain, ["res_id", "clock", "deadline"]):
            dates[deadline.res_id][deadline.clock] = deadline.deadline
        return dates

    def _get_portal_notices(self, tz=None):
        """Return ``{ticket id: {"kind", "title", "text"}}``: what happens next and until when.

        :param str tz: name of the reader's time zone
        """
        dates = self._get_portal_dates()
        return {ticket.id: ticket._get_portal_notice(dates[ticket.id], tz) for ticket in self}

    def _get_portal_notice(self, dates, tz):
        self.ensure_one()
        env = self.env
        if self.state == "waiting_customer":
            return {
                "kind": "warning",
                "title": env._("We need something from you."),
                "text": env._("Please answer our question below: then we go on at once."),
            }
        if self.state == "resolved":
            return {
                "kind": "warning",
                "title": env._("Is this solved for you?"),
                "text": self._get_silence_text(tz),
            }
        if self.state == "closed":
            return {
                "kind": "success",
                "title": env._("This request is closed."),
                "text": env._("Should the problem come back, tell us so below."),
            }
        if self.state == "cancelled":
            return {
                "kind": "secondary",
                "title": env._("This request was cancelled."),
                "text": env._("Please open a new one should you need anything."),
            }
        return {"kind": "info", **self._get_promise(dates, tz)}

    def _get_silence_text(self, tz):
        days = self.team_id.close_after_days
        if not days or not self.resolved_at:
            return self.env._("We close this request when you confirm it.")
        until = fields.Datetime.add(self.resolved_at, days=days)
        return self.env._(
            "If we hear nothing from you, the request is closed after %s.",
            format_datetime(self.env, until, tz=tz, dt_format="short"),
        )

    def _get_promise(self, dates, tz):
        """Return what we have promised: an answer, or a solution."""
        answer = dates.get("first_response") or dates.get("next_response")
        waits = not self.first_response_at or self.customer_waits_since
        until = answer if waits and answer else dates.get("resolution")
        if until:
            until = format_datetime(self.env, until, tz=tz, dt_format="short")
        if waits and (answer or not until):
            return {
                "title": self.env._("We have your message and will answer it."),
                "text": self.env._("You will hear from us by %s at the latest.", until)
                if until
                else self.env._("You will hear from us as soon as possible."),
            }
        return {
            "title": self.env._("We are working on it."),
            "text": self.env._("We want to have it solved by %s.", until)
            if until
            else self.env._("We will tell you as soon as it is solved."),
        }

    def _get_portal_stages(self):
        """Return ``[(datetime, state in words)]``: what the ticket went through (R-341)."""
        self.ensure_one()
        field = self.env["ir.model.fields"]._get(self._name, "state")
        # sudo: values of tracked fields are for employees; of these only the states are told
        values = (
            self.env["mail.tracking.value"]
            .sudo()
            .search_fetch(
                [
                    ("field_id", "=", field.id),
                    ("mail_message_id.model", "=", self._name),
                    ("mail_message_id.res_id", "=", self.id),
                ],
                ["create_date", "new_value_char"],
                order="id",
            )
        )
        words = self._get_portal_state_words()
        labels = self._get_state_labels()
        stages = [(self.create_date, words["new"][1])]
        for value in values:
            state = labels.get(value.new_value_char)
            text = words[state][1] if state else value.new_value_char
            if text != stages[-1][1]:
                stages.append((value.create_date, text))
        return stages

    @api.model
    def _get_state_labels(self):
        """Return ``{label: state}`` in the languages that a change can be noted in."""
        field = self._fields["state"]
        return {
            label: state
            for lang, _name in self.env["res.lang"].get_installed()
            for state, label in field._description_selection(self.with_context(lang=lang).env)
        }

    def _get_portal_messages(self):
        """Return the messages that customer and handler may read, oldest first."""
        self.ensure_one()
        # sudo: the page has checked who reads the ticket; nothing internal is among them
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("model", "=", self._name)
                & Domain("res_id", "=", self.id)
                & Domain("message_type", "in", ("comment", "email", "email_outgoing"))
                & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
                & Domain("is_internal", "=", False),
                order="id",
            )
        )

    # === WHAT THE CUSTOMER SAYS ===#

    def _customer_post(self, partner, text, files=()):
        """Add what a customer or handler wrote on the page.

        :param partner: the res.partner who wrote
        :param list files: pairs of name and content
        :raise UserError: for nothing, too much or too often
        """
        self.ensure_one()
        text = self._get_customer_text(text)
        if not text and not files:
            raise UserError(self.env._("Write a message first."))
        self._check_files(files)
        self._check_message_flood(partner, len(files))
        # Uploaded pages must not become pages of ours, whoever the superuser is
        return self.with_context(
            mail_post_autofollow_author_skip=True, attachments_mime_plainxml=True
        ).message_post(
            body=plaintext2html(text),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[tuple(file) for file in files],
        )

    def _customer_confirm(self, partner, note=None):
        """Close it in the name of the customer who says that it is solved.

        :raise UserError: when it is not solved, or closed already
        """
        self.ensure_one()
        self._check_state(
            ["resolved"], self.env._("is not waiting for your confirmation any more.")
        )
        self._confirm_solved(partner, self._get_customer_text(note))

    def _customer_reopen(self, partner, reason):
        """Go on because the customer says that it is not solved (R-356).

        :raise UserError: without a reason, or for what is open already
        """
        self.ensure_one()
        reason = self._get_text(
            self._get_customer_text(reason),
            self.env._("Please write what is not solved yet: that is what we go on with."),
        )
        self._check_state(["resolved", "closed"], self.env._("is open already."))
        # First: the message would reopen what is solved without the reason
        self._reopen(reason)
        self._customer_post(partner, reason)
