from odoo import api, models

from ..order.requirement_properties import get_filled


class SaleOrder(models.Model):
    """The customer's requirements as departments read them when they sign."""

    _inherit = "sale.order"

    def _get_review_snapshots(self):
        snapshots = super()._get_review_snapshots()
        filled = {}
        for order_id, (_content, words) in snapshots.items():
            values = get_filled(words["fields"].pop("requirement_properties", None))
            if values:
                filled[order_id] = values
        for order_id, rows in self._prepare_requirement_words(filled).items():
            snapshots[order_id][1]["requirements"] = rows
        return snapshots

    def _prepare_requirement_words(self, filled):
        """Return ``{order id: rows}``: label and value of each requirement, in words.

        :param dict filled: ``{order id: {property name: value}}``
        """
        if not filled:
            return {}
        rules = self.env["order.class"]._get_requirement_rules()
        # sudo: the whole order is put into words, whoever submits it
        orders = self.sudo().browse(filled)
        definitions = {}
        for order_class in orders.class_id:
            known = rules.get(order_class.id, ((), ()))[0]
            definitions[order_class.id] = self.env["order.class"]._translate_requirements(known)
        names = self._get_requirement_names(orders, filled, definitions)
        result = {}
        for order in orders:
            known = {d["name"]: d for d in definitions.get(order.class_id.id, ())}
            values = filled[order.id]
            result[order.id] = [
                self._prepare_requirement_row(known.get(name) or {}, name, values[name], names)
                for name in sorted(values, key=_get_position(known))
            ]
        return result

    @api.model
    def _prepare_requirement_row(self, definition, name, value, names):
        kind = definition.get("type") or "char"
        if kind == "selection":
            value = dict(definition.get("selection") or ()).get(value, value)
        elif kind == "tags" and isinstance(value, list):
            labels = {tag[0]: tag[1] for tag in definition.get("tags") or ()}
            value = [labels.get(tag, tag) for tag in value]
        elif kind in ("many2one", "many2many"):
            ids = value if isinstance(value, list) else [value]
            value = [names.get((definition.get("comodel"), id_), str(id_)) for id_ in ids]
        return {
            "name": name,
            "label": definition.get("string") or name,
            "type": kind,
            "value": value,
        }

    @api.model
    def _get_requirement_names(self, orders, filled, definitions):
        """Return ``{(model, id): name}`` of the records that requirements refer to, in one go."""
        wanted = {}
        for order in orders:
            for definition in definitions.get(order.class_id.id, ()):
                value = filled[order.id].get(definition["name"])
                if definition.get("comodel") in self.env and value:
                    ids = value if isinstance(value, list) else [value]
                    wanted.setdefault(definition["comodel"], []).extend(
                        id_ for id_ in ids if isinstance(id_, int)
                    )
        return {
            (model, record.id): record.display_name
            for model, ids in wanted.items()
            for record in self.env[model].sudo().browse(dict.fromkeys(ids)).exists()
        }


def _get_position(known):
    """Return a sort key: as the class lists them; what it does not know any more last."""
    order = {name: number for number, name in enumerate(known)}
    return lambda name: (order.get(name, len(order)), name)
