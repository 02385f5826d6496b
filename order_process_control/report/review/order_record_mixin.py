from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_datetime, groupby


class OrderRecordMixin(models.AbstractModel):
    """What the printed records of orders have in common: who reads them, when it was for them."""

    _name = "order.record.mixin"
    _description = "Printed Record of Orders"

    @api.model
    def _get_form_number(self):
        """Return the number of the form in the company's list of forms."""
        return ""

    @api.model
    def _check_reader(self):
        """:raise AccessError: for customers and for whoever has no part in the process"""
        # Customers read their own orders, and Odoo renders a report for whoever asks
        if not (self.env.su or self.env["sale.order"]._sees_reviews()):
            raise AccessError(
                self.env._(
                    "Only who has the right “Order Control: User”, “Reviewer” or “Auditor” prints"
                    " the records of the order process."
                )
            )

    @api.model
    def _prepare_values(self, model, records):
        """Return what every form needs; ``docs`` are what it is printed for."""
        return {
            "doc_ids": records.ids,
            "doc_model": model,
            "docs": records,
            "form_number": self._get_form_number(),
            "printed_at": self._format_time(fields.Datetime.now()),
            "time_zone": self._get_time_zone(),
        }

    @api.model
    def _group_by_company(self, sheets):
        """Return ``{company: its sheets}``: one document each, because wkhtmltopdf joins several
        only when it is built with the patched Qt.

        :param list sheets: (company, what is printed of one record)
        """
        # sudo: name, logo and address of the company that the record is of
        return {
            company: [sheet for _company, sheet in own]
            for company, own in groupby(sheets, lambda pair: pair[0].sudo())
        }

    @api.model
    def _get_time_zone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    @api.model
    def _format_time(self, value):
        """Return a moment in the reader's language and time zone."""
        return format_datetime(self.env, value, tz=self._get_time_zone(), dt_format="short")

    @api.model
    def _format_day(self, value):
        """Return a date, or the reader's day of a moment, in the reader's language."""
        if value and hasattr(value, "hour"):
            value = fields.Datetime.context_timestamp(self, value).date()
        return format_date(self.env, value) if value else ""

    @api.model
    def _get_name(self, users):
        """Return the names of colleagues."""
        # sudo: also of those who have left or work for another company
        return ", ".join(users.sudo().mapped("name"))

    @api.model
    def _get_label(self, record, name):
        """Return what people call the value of a selection field."""
        options = dict(record._fields[name]._description_selection(self.env))
        return options.get(record[name], "")
