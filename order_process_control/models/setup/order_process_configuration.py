from odoo import api, models

from . import transfer_values

FORMAT = "order_process_control.configuration"
VERSION = 1
CHANNEL_FIELDS = ("active", "family", "is_approved", "is_oral", "name")


class OrderProcessConfiguration(models.AbstractModel):
    """The configuration of the process as plain data, to carry it from one database to another.

    Nothing goes by id: records by their name (in English, as it was first written), departments
    by name, people by login. Nobody and no department is created, nothing is deleted; rules are
    validated by the models themselves.
    """

    _name = "order.process.configuration"
    _description = "Configuration of the Order Process"

    @api.model
    def _get_sections(self):
        """Return ``{section: model}`` in the order in which they depend on each other."""
        return {
            "reasons": "order.special.reason",
            "channels": "utm.medium",
            "classes": "order.class",
            "steps": "order.review.step",
        }

    @api.model
    def _get_records(self, section, company):
        """Return what there is of a section in a company, archived or not, without translation."""
        records = self.env[self._get_sections()[section]].with_context(active_test=False, lang=None)
        domain = []
        if section == "channels":
            domain = ["|", "|", ("family", "!=", False), ("is_oral", "=", True)]
            domain.append(("is_approved", "=", True))
        elif "company_id" in records._fields:
            domain = [("company_id", "in", (False, company.id))]
        return records.search(domain)

    @api.model
    def _get_field_names(self, model):
        if model == "utm.medium":
            return list(CHANNEL_FIELDS)
        return transfer_values.get_field_names(self.env[model])

    # === EXPORT ===#

    @api.model
    def _export(self, company):
        """Return the configuration that holds in a company, as what JSON can carry."""
        sections = {
            section: [self._export_record(record) for record in self._get_records(section, company)]
            for section in self._get_sections()
        }
        return {"format": FORMAT, "version": VERSION, **sections}

    @api.model
    def _export_record(self, record):
        values = {name: record[name] for name in self._get_field_names(record._name)}
        values |= self._export_relations(record)
        translations = self._export_translations(record)
        return {**values, "translations": translations} if translations else values

    @api.model
    def _export_relations(self, record):
        source = record.with_context(active_test=True, lang=None)
        if record._name == "order.class":
            return {
                "shared": not record.company_id,
                "departments": source.department_ids.mapped("complete_name"),
            }
        if record._name == "order.review.step":
            criteria = record.with_context(active_test=False, lang=None).criterion_ids
            return {
                "shared": not record.company_id,
                "department": source.department_id.complete_name or False,
                "reviewers": source.reviewer_ids.mapped("login"),
                "classes": source.class_ids.mapped("name"),
                "policy": source.policy_id.name or False,
                "criteria": [self._export_record(criterion) for criterion in criteria],
            }
        return {}

    @api.model
    def _export_translations(self, record):
        """Return ``{language: {field: text}}`` of what differs from the source."""
        names = self._get_translated_names(record._name)
        result = {}
        for code, _name in self.env["res.lang"].get_installed():
            translated = record.with_context(lang=code)
            texts = {n: translated[n] for n in names if record[n] and translated[n] != record[n]}
            if texts:
                result[code] = texts
        return result

    @api.model
    def _get_translated_names(self, model):
        fields_ = self.env[model]._fields
        return [name for name in self._get_field_names(model) if fields_[name].translate]
