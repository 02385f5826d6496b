"""The field that holds what a customer requires, and what counts as a value of it."""

from odoo import fields
from odoo.tools import SQL

_CONTEXT_DEFAULT = "default_"


def has_value(value):
    """Tell whether a requirement says anything: no text, no choice, no tick are nothing; a
    number is something, zero as well."""
    return bool(value) or (isinstance(value, int | float) and not isinstance(value, bool))


def get_filled(values):
    """Return the requirements among ``{name: value}`` that say anything."""
    return {name: value for name, value in (values or {}).items() if has_value(value)}


class RequirementProperties(fields.Properties):
    """Properties that change only with their order.

    Odoo adapts the values whenever something is recomputed: a class that was configured anew
    would alter what departments have signed already. Here it does so only when the order gets
    another class. Labels of the requirements that we ship are read in the user's language.
    """

    # The class is computed when the order exists
    precompute = False
    copy = True

    def _add_default_values(self, env, values):
        """As Odoo does, but nothing that a client puts into the context becomes a value; what is
        given before the class is known waits for it, see ``sale.order._fit_requirements``."""
        if self.definition_record not in values:
            return self.convert_to_cache(values.get(self.name), env[self.model_name]) or {}
        prefix = f"{_CONTEXT_DEFAULT}{self.name}."
        context = {key: val for key, val in env.context.items() if not key.startswith(prefix)}
        return super()._add_default_values(env(context=context), values)

    def _compute(self, records):
        return super()._compute(self._filter_reclassified(records))

    def _filter_reclassified(self, records):
        """Return the records whose class is not the one that their values were entered for;
        what is being edited without changing its class shows what is stored."""
        saved = tuple(id_ for id_ in records._ids if isinstance(id_, int))
        stored = dict(self._read_stored(records, saved)) if saved else {}
        changed = records.browse()
        for record in records:
            origin = record._origin
            before = stored.get(record.id) if record.id else origin[self.definition_record].id
            if record[self.definition_record]._origin.id != (before or False):
                changed |= record
            elif not record.id:
                if origin:
                    record[self.name] = origin[self.name]
                else:
                    changed |= record
        return changed

    def _read_stored(self, records, ids):
        return records.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id IN %s",
                SQL.identifier(self.definition_record),
                SQL.identifier(records._table),
                ids,
            )
        )

    def write(self, records, value):
        """Keep only values that the class asks for: what nobody sees is not content."""
        result = super().write(records, value)
        for record in records.filtered(lambda r: any(r._ids)):
            values = self._get_defined(record)
            if values != (record[self.name]._values or {}):
                super().write(record, values)
        return result

    def _get_defined(self, record):
        """Return the values of a record that its class asks for."""
        names = {definition["name"] for definition in self._get_properties_definition(record) or ()}
        return {
            name: val for name, val in (record[self.name]._values or {}).items() if name in names
        }

    def _get_properties_definition(self, record):
        definition = super()._get_properties_definition(record)
        return record[self.definition_record]._translate_requirements(definition or [])
