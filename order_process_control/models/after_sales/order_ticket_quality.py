from odoo import models


class OrderTicket(models.Model):
    """Major quality problems: the quality department hears of them at once (R-365)."""

    _inherit = "order.ticket"

    def _on_created(self):
        result = super()._on_created()
        # sudo: alerts and the quality department, whoever reports it
        self.sudo().filtered("is_major_quality")._raise_quality_alert()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "is_major_quality" in vals or vals.get("state") == "cancelled":
            # sudo: as above
            tickets = self.sudo()
            major = tickets.filtered(lambda t: t.is_major_quality and t.state != "cancelled")
            major._raise_quality_alert()
            self.env["order.alert"]._clear([t._get_quality_key() for t in tickets - major])
        return result

    def _get_quality_key(self):
        return f"ticket_quality:{self.id}"

    def _raise_quality_alert(self):
        """Alert the quality departments of the companies, or their process managers."""
        self.env["order.alert"]._raise([ticket._prepare_quality_cause() for ticket in self])

    def _prepare_quality_cause(self):
        self.ensure_one()
        department = self.company_id.order_quality_department_id
        people = (department.manager_id | department.member_ids).user_id.filtered("active")
        people = people or self.company_id.order_process_manager_id
        return {
            "key": self._get_quality_key(),
            "name": self.env._("Major quality problem: %s", self.display_name),
            "level": "3",
            "res_model": self._name,
            "res_id": self.id,
            "order_id": self.order_id.id,
            "company_id": self.company_id.id,
            "department_id": department.id,
            "user_id": self.user_id.id,
            "figures": self.env._(
                "%(customer)s: production stopped, or a whole batch affected",
                customer=self.commercial_partner_id.name or self.partner_id.name,
            ),
            "recipients": people.ids,
        }
