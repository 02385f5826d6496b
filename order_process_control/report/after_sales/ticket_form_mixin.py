from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext


class OrderTicketFormMixin(models.AbstractModel):
    """What the printed forms of after-sales have in common: one sheet a record, as its reader may
    read it."""

    _name = "order.ticket.form.mixin"
    _description = "Printed Form of After-sales"
    _inherit = "order.record.mixin"

    @api.model
    def _get_form_model(self):
        """Return the model that the form is printed for."""
        return "order.ticket"

    @api.model
    def _get_titles(self):
        """Return the title, and the term of the company's list of forms."""
        return "", ""

    @api.model
    def _prepare_form(self, record):
        """Return the ``facts``, ``sections``, ``lines`` and ``signatures`` of a sheet."""
        return {}

    @api.model
    def _check_reader(self):
        """Who reads the tickets prints them; customers get theirs from us."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("The forms of after-sales are printed by colleagues."))

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one sheet for each record, in the language and time zone of the reader.

        :param list docids: ids of records of the form's model
        :raise AccessError: for whoever may not read these records or their tickets
        """
        self._check_reader()
        records = self.env[self._get_form_model()].browse(docids)
        records.check_access("read")
        self._get_tickets(records).check_access("read")
        title, term = self._get_titles()
        empty = {"facts": [], "sections": [], "lines": [], "signatures": []}
        sheets = [
            (record.company_id, {**empty, **self._prepare_form(record)}) for record in records
        ]
        return {
            **self._prepare_values(records._name, records),
            "form_title": title,
            "form_term": term,
            "companies": self._group_by_company(sheets),
        }

    @api.model
    def _get_tickets(self, records):
        return records

    @api.model
    def _prepare_facts(self, record, names):
        """Return (label, what people read) of fields, those without a value too: it is a form."""
        return [
            (self._get_field_label(record, name), self._get_text(record, name)) for name in names
        ]

    @api.model
    def _get_field_label(self, record, name):
        return record._fields[name].get_description(self.env, ["string"])["string"]

    @api.model
    def _get_text(self, record, name):
        kind, value = record._fields[name].type, record[name]
        if kind == "many2one":
            # sudo: names of what belongs to a record that the reader may read
            return value.sudo().display_name or ""
        if kind == "selection":
            return self._get_label(record, name)
        if kind == "datetime":
            return self._format_time(value) if value else ""
        if kind == "html":
            return html2plaintext(value or "").strip()
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return value or ""
