from odoo import api, models


class ReportOnsiteServiceReport(models.AbstractModel):
    """On-site Service Report: what was found and done at the customer's, and signed (R-473)."""

    _name = "report.order_process_control.onsite_service_report"
    _description = "On-site Service Report"
    _inherit = "order.ticket.form.mixin"

    @api.model
    def _get_form_number(self):
        return "Q/JL081304-C"

    @api.model
    def _get_form_model(self):
        return "order.ticket.visit"

    @api.model
    def _get_titles(self):
        return self.env._("On-site Service Report"), "现场服务报告"

    @api.model
    def _get_tickets(self, records):
        return records.ticket_id

    @api.model
    def _prepare_form(self, record):
        return {
            "name": record.ticket_id.name or "",
            "facts": self._prepare_visit_facts(record),
            "sections": [
                (self.env._("Reported by the Customer"), self._get_report_of_customer(record)),
                *self._prepare_facts(record, self._get_texts()),
            ],
            "signatures": self._prepare_signatures(record),
        }

    @api.model
    def _prepare_visit_facts(self, visit):
        ticket = visit.ticket_id
        return [
            (self.env._("Customer"), ticket.commercial_partner_id.sudo().display_name),
            *self._prepare_facts(visit, ["partner_id"]),
            *self._prepare_facts(ticket, ["order_id", "category_id"]),
            *self._prepare_facts(
                visit, ["user_id", "start", "arrived_at", "left_at", "result", "state"]
            ),
        ]

    @api.model
    def _get_texts(self):
        return ["findings", "work_done", "parts_used", "customer_opinion"]

    @api.model
    def _get_report_of_customer(self, visit):
        ticket = visit.ticket_id
        return "\n".join(filter(None, [ticket.subject, self._get_text(ticket, "description")]))

    @api.model
    def _prepare_signatures(self, visit):
        """Return who signs: the customer with what was drawn on the screen."""
        return [
            {
                "role": self.env._("Technician"),
                "who": self._get_name(visit.user_id),
                "when": self._format_time(visit.left_at) if visit.left_at else "",
                "image": False,
            },
            {
                "role": self.env._("Customer"),
                "who": visit.signed_by or "",
                "when": self._format_time(visit.signed_at) if visit.signed_at else "",
                "image": visit.signature if visit.signed_at else False,
            },
        ]


class ReportVisitReport(models.AbstractModel):
    """Visit Report: what a customer told us when we came to see them (R-475)."""

    _name = "report.order_process_control.visit_report"
    _description = "Visit Report"
    _inherit = "report.order_process_control.onsite_service_report"

    @api.model
    def _get_form_number(self):
        return "Q/JL081306-C"

    @api.model
    def _get_titles(self):
        return self.env._("Visit Report"), "走访服务报告"

    @api.model
    def _get_texts(self):
        return ["findings", "work_done", "customer_opinion"]
