from odoo import fields, models
from odoo.exceptions import UserError

from ..order.kept_rows import update_rows
from ..review import activities


class OrderExpedite(models.Model):
    """Who is told of an expedite: owners of the harmed orders, departments, and by choice the
    customers (R-172, R-181)."""

    _inherit = "order.expedite"

    def _tell_everybody(self):
        """Tell reason, time and scope (as superuser)."""
        self.ensure_one()
        impacts = self.impact_ids
        tasks = self._prepare_owner_tasks() + self._prepare_department_tasks()
        activities.schedule(self.env, tasks)
        owned = impacts.filtered("user_id")
        if owned:
            vals = {"told_at": fields.Datetime.now()}
            update_rows(owned, [vals] * len(owned))
        self._note_on_pickings()
        if self.tell_customers:
            impacts.filtered("is_late")._tell_customers()

    def _prepare_owner_tasks(self):
        """Return one task an order and owner, on the harmed order itself."""
        tasks = []
        for order, impacts in self.impact_ids.filtered("order_id").grouped("order_id").items():
            owner = impacts.user_id[:1]
            if not owner.active:
                continue
            worst = impacts.sorted(lambda i: (not i.date_after, i.delay_days), reverse=True)[0]
            tasks.append(
                {
                    "record": order,
                    "kind": "expedite_harmed",
                    "summary": worst._get_owner_summary(),
                    "note": self.env._(
                        "%(name)s for %(order)s: %(reason)s",
                        name=self.name,
                        order=self.order_id.name,
                        reason=self.reason,
                    ),
                    "user_id": owner.id,
                }
            )
        return tasks

    def _prepare_department_tasks(self):
        """Return one task for everybody who answers for a department concerned."""
        summary = self.env._(
            "%(order)s goes first (%(name)s): orders delayed %(harmed)s, late %(late)s",
            order=self.order_id.name,
            name=self.name,
            harmed=self.harmed_count,
            late=self.late_count,
        )
        note = self.env._(
            "Needed by %(day)s: %(reason)s",
            day=self._format_day(self.needed_by),
            reason=self.reason,
        )
        return [
            {
                "record": self,
                "kind": "expedite_told",
                "summary": summary,
                "note": note,
                "user_id": user.id,
            }
            for user in self._get_departments_users() - self.env.user
        ]

    def _get_departments_users(self):
        """Return the managers of the departments that signed the orders concerned, that decided
        on this or asked for it; where there is no manager, its people."""
        orders = self.order_id | self.impact_ids.order_id
        departments = (
            self.department_id
            | self.review_id.signoff_ids.department_id
            | orders.release_id.signoff_ids.department_id
        )
        managers = departments.manager_id.user_id
        leaderless = departments.filtered(lambda d: not d.manager_id.user_id)
        users = leaderless._get_signing_users()
        people = managers.union(*(users.get(d) or managers.browse() for d in leaderless))
        return people.filtered(lambda user: user.active and self.company_id in user.company_ids)

    def _note_on_pickings(self):
        """Say in the history of the harmed deliveries why their goods are gone."""
        pickings = self.impact_ids.filtered("quantity").picking_id
        body = self.env._(
            "Reserved goods went to %(order)s, which is urgent (%(name)s): %(reason)s",
            order=self.order_id.name,
            name=self.name,
            reason=self.reason,
        )
        if pickings:
            pickings._message_log_batch(
                bodies=dict.fromkeys(pickings.ids, body), author_id=self.env.user.partner_id.id
            )

    def _tell_reverted(self):
        """Take back what owners were told, and tell them that it is over."""
        orders = self.impact_ids.order_id
        activities.close(orders, kinds=["expedite_harmed"])
        activities.close(self, kinds=["expedite_told"])
        if orders:
            body = self.env._("%s was reverted: this order waits as before.", self.name)
            orders._message_log_batch(
                bodies=dict.fromkeys(orders.ids, body), author_id=self.env.user.partner_id.id
            )


class OrderExpediteImpact(models.Model):
    _inherit = "order.expedite.impact"

    def _get_owner_summary(self):
        """Return what the owner of the harmed order has to know."""
        self.ensure_one()
        expedite = self.expedite_id
        if not self.date_after:
            return self.env._(
                "%(name)s took its goods; no receipt is planned: order them", name=expedite.name
            )
        day = expedite._format_day(self.date_after)
        if not self.delay_days:
            return self.env._(
                "%(name)s: leaves on %(day)s, still as promised", name=expedite.name, day=day
            )
        return self.env._(
            "%(name)s: leaves on %(day)s, %(days)s days after the promise",
            name=expedite.name,
            day=day,
            days=self.delay_days,
        )

    def action_tell_customer(self):
        """Mail the customers of these orders the new date.

        :return: True
        :raise UserError: before the expedite is applied, or when they were told already
        """
        self.check_access("read")
        self.order_id._check_may_submit()
        if self.filtered(lambda impact: impact.expedite_id.state != "applied"):
            raise UserError(self.env._("Customers are told when the expedite is applied."))
        told = self.filtered("customer_told_at")
        if told:
            raise UserError(
                self.env._(
                    "The customers of %s were told already.",
                    ", ".join(told.order_id.mapped("name")),
                )
            )
        # sudo: rows that nobody may write; who may write the order may tell its customer
        self.sudo()._tell_customers()
        return True

    def _tell_customers(self):
        """Queue one mail an order, with its last date (as superuser)."""
        rows = self.filtered(lambda i: i.order_id and i.partner_id.email and not i.customer_told_at)
        worst = self.browse()
        for impacts in rows.grouped("order_id").values():
            worst |= impacts.sorted(lambda i: (not i.date_after, i.delay_days), reverse=True)[0]
        if not worst:
            return
        template = self.env.ref(
            "order_process_control.mail_template_expedite_delay", raise_if_not_found=False
        )
        if not template:
            return
        template.sudo().send_mail_batch(worst.ids)
        told = rows.expedite_id.impact_ids.filtered(lambda i: i.order_id in worst.order_id)
        update_rows(told, [{"customer_told_at": fields.Datetime.now()}] * len(told))
        worst.order_id._message_log_batch(
            bodies={
                order.id: self.env._("The customer was told of the later delivery.")
                for order in worst.order_id
            },
            author_id=self.env.user.partner_id.id,
        )
