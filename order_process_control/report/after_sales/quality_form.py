from odoo import api, models
from odoo.tools import formatLang


class ReportQualityFeedbackSheet(models.AbstractModel):
    """Quality Information Feedback Sheet: what a customer tells about our quality, for the
    department that has to act on it (R-476, R-365)."""

    _name = "report.order_process_control.quality_feedback_sheet"
    _description = "Quality Information Feedback Sheet"
    _inherit = "order.ticket.form.mixin"

    @api.model
    def _get_form_number(self):
        return "Q/JL090201-C"

    @api.model
    def _get_titles(self):
        return self.env._("Quality Information Feedback Sheet"), "质量信息反馈表"

    @api.model
    def _prepare_form(self, record):
        return {
            "name": record.name or "",
            "facts": self._prepare_ticket_facts(record),
            "lines": [self._prepare_line(line) for line in self._get_lines(record)],
            "sections": self._prepare_sections(record),
            "signatures": self._prepare_signatures(record),
        }

    @api.model
    def _prepare_ticket_facts(self, ticket):
        return [
            (self.env._("Severity"), self._get_severity(ticket)),
            *self._prepare_facts(ticket, ["category_id"]),
            (self.env._("Customer"), ticket.commercial_partner_id.sudo().display_name),
            (self.env._("Contact"), ticket.partner_id.sudo().display_name),
            *self._prepare_facts(
                ticket, ["order_id", "channel", "create_date", "team_id", "state"]
            ),
            (
                self.env._("Quality Department"),
                ticket.company_id.sudo().order_quality_department_id.name or "",
            ),
        ]

    @api.model
    def _get_severity(self, ticket):
        if ticket.is_major_quality:
            return self.env._("Major: production stopped, or a whole batch affected")
        return self.env._("General")

    @api.model
    def _get_lines(self, ticket):
        # sudo: the goods of a ticket that the reader may read
        return ticket.sudo().line_ids

    @api.model
    def _prepare_line(self, line):
        quantity = formatLang(self.env, line.quantity, dp="Product Unit")
        return {
            "product": line.product_id.display_name,
            "lot": line.lot_id.name or "",
            "quantity": f"{quantity} {line.uom_id.name or ''}",
            "reason": self._get_label(line, "reason"),
            "note": line.note or "",
            "outcome": self._get_label(
                line, "decided_outcome" if line.decided_outcome else "requested_outcome"
            ),
            "delivered": self._format_day(line.delivered_at),
            "warranty": self._format_day(line.warranty_until),
            "inspection": "\n".join(
                f"{self._get_label(found, 'condition')}, {self._get_label(found, 'disposition')}"
                f" {found.note or ''}".strip()
                for found in line.inspection_ids
            ),
        }

    @api.model
    def _prepare_sections(self, ticket):
        problem = [ticket.subject, self._get_text(ticket, "description")]
        return [
            (self.env._("Problem"), "\n".join(filter(None, problem))),
            # To be filled in by the department
            (self.env._("Cause"), ""),
            (self.env._("Measures"), ""),
            *self._prepare_facts(ticket, ["resolution", "result"]),
        ]

    @api.model
    def _prepare_signatures(self, ticket):
        blank = {"who": "", "when": "", "image": False}
        return [
            {
                "role": self.env._("Reported by"),
                "who": self._get_name(ticket.user_id or ticket.create_uid),
                "when": self._format_time(ticket.create_date),
                "image": False,
            },
            {**blank, "role": self.env._("Department")},
            {**blank, "role": self.env._("Approved by")},
        ]


class ReportGuaranteePartSheet(models.AbstractModel):
    """Three-guarantee Part Sheet: defective goods that are repaired, exchanged or taken back, with
    what the inspection found (R-478, R-385, R-386)."""

    _name = "report.order_process_control.guarantee_part_sheet"
    _description = "Three-guarantee Part Sheet"
    _inherit = "report.order_process_control.quality_feedback_sheet"

    @api.model
    def _get_form_number(self):
        return "Q/JL100101-C"

    @api.model
    def _get_titles(self):
        return self.env._("Three-guarantee Part Sheet"), "不良品(三包件)信息反馈表"

    @api.model
    def _get_lines(self, ticket):
        lines = super()._get_lines(ticket)
        return lines.filtered(lambda line: line._get_outcome() in ("repair", "exchange", "return"))

    @api.model
    def _prepare_sections(self, ticket):
        problem = [ticket.subject, self._get_text(ticket, "description")]
        return [
            (self.env._("Defect"), "\n".join(filter(None, problem))),
            (self.env._("Cause"), ""),
            *self._prepare_facts(ticket, ["result"]),
        ]
