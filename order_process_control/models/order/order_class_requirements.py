import uuid

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What a process manager composes here; other kinds of properties are kept as they are
REQUIREMENT_TYPES = ("char", "text", "boolean", "selection", "integer", "float", "date")


class OrderClass(models.Model):
    """Which requirements of the customer are asked for (R-063 .. R-073)."""

    _inherit = "order.class"

    requirement_definition = fields.PropertiesDefinition(string="Definition of Requirements")
    requirement_mandatory = fields.Json(
        string="Mandatory Requirements",
        help="Names of the requirements without which an order of this class is not submitted.",
    )
    requirement_rows = fields.Json(
        string="Requirements",
        compute="_compute_requirement_rows",
        inverse="_inverse_requirement_rows",
        help="What is asked on the Requirements page of orders of this class.",
    )

    @api.constrains("requirement_mandatory")
    def _check_requirement_mandatory(self):
        for order_class in self:
            names = order_class.requirement_mandatory or []
            if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                raise ValidationError(
                    self.env._(
                        "%s: choose the mandatory requirements with the check boxes.",
                        order_class.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        classes = super().create([self._untranslate_vals(vals) for vals in vals_list])
        classes._forget_rows()
        return classes

    def write(self, vals):
        result = super().write(self._untranslate_vals(vals))
        self._forget_rows()
        return result

    def _forget_rows(self):
        """Let the rows be read as they were saved: a new one has got its name, and is not to be
        made once more by the next save."""
        self.invalidate_recordset(["requirement_rows"], flush=False)

    # === THE LIST THAT THE MANAGER EDITS ===#

    @api.depends("requirement_definition", "requirement_mandatory")
    @api.depends_context("lang")
    def _compute_requirement_rows(self):
        for order_class in self:
            definitions = self._translate_requirements(order_class.requirement_definition)
            mandatory = order_class.requirement_mandatory or []
            order_class.requirement_rows = [
                order_class._prepare_requirement_row(definition, mandatory)
                for definition in definitions
            ]

    @api.model
    def _prepare_requirement_row(self, definition, mandatory):
        return {
            "name": definition["name"],
            "label": definition.get("string") or "",
            "type": definition["type"],
            "options": ", ".join(label for _key, label in definition.get("selection") or ()),
            "mandatory": definition["name"] in mandatory,
        }

    def _inverse_requirement_rows(self):
        """Make definitions of the rows; what the rows do not show of a definition is kept.

        :raise ValidationError: for a row without label, of an unknown kind or without choices
        """
        for order_class in self:
            rows = order_class.requirement_rows or []
            known = {d["name"]: d for d in order_class.requirement_definition}
            definitions, mandatory = [], []
            for row in rows:
                definition = order_class._prepare_requirement_definition(row, known)
                definitions.append(definition)
                if row.get("mandatory"):
                    mandatory.append(definition["name"])
            order_class.write(
                {"requirement_definition": definitions, "requirement_mandatory": mandatory}
            )

    def _prepare_requirement_definition(self, row, known):
        """Return the property of one row of the list.

        :param dict known: the present definitions by name
        """
        self.ensure_one()
        label = isinstance(row, dict) and str(row.get("label") or "").strip()
        if not label:
            raise ValidationError(self.env._("Give every requirement a name, or remove its row."))
        known_one = known.get(row.get("name"))
        definition = {**(known_one or {}), "string": label}
        if not known_one:
            definition |= {"name": uuid.uuid4().hex[:16], "type": row.get("type") or "char"}
            if definition["type"] not in REQUIREMENT_TYPES:
                raise ValidationError(
                    self.env._("“%s”: choose what kind of answer it takes.", label)
                )
        if definition["type"] == "selection":
            definition["selection"] = self._prepare_choices(label, row, definition)
        return definition

    def _prepare_choices(self, label, row, definition):
        """Return the choices of a row; those that are there already keep their key, so that
        answers given keep their meaning."""
        labels = [text.strip() for text in str(row.get("options") or "").split(",")]
        labels = list(dict.fromkeys(filter(None, labels)))
        if not labels:
            raise ValidationError(
                self.env._("“%s”: write the possible answers, separated by commas.", label)
            )
        shown = self._translate_requirements([definition])[0]
        keys = {text: key for key, text in shown.get("selection") or ()}
        return [[keys.get(text) or uuid.uuid4().hex[:8], text] for text in labels]

    # === WHAT ORDERS ARE JUDGED BY ===#

    @api.model
    @tools.ormcache()
    def _get_requirement_rules(self):
        """Return ``{class id: (definitions, names of the mandatory ones)}``: to be read only."""
        # sudo: whoever submits; archived classes still have orders
        classes = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return {
            order_class.id: (
                order_class.requirement_definition,
                frozenset(order_class.requirement_mandatory or ()),
            )
            for order_class in classes
            if order_class.requirement_definition
        }

    # === IN THE USER'S LANGUAGE ===#

    @api.model
    def _translate_requirements(self, definitions):
        """Return definitions with the labels that we ship in the user's language.

        Odoo keeps one label for all; one that was written by hand stays as it is.
        """
        return self._relabel(definitions, self._get_labels("en_US"), self._get_labels())

    @api.model
    def _untranslate_vals(self, vals):
        """Return ``vals`` with shipped labels as they are stored: whoever edits the definition in
        another language sends back what was shown."""
        definition = vals.get("requirement_definition")
        if not isinstance(definition, list):
            return vals
        stored = self._relabel(definition, self._get_labels(), self._get_labels("en_US"))
        return {**vals, "requirement_definition": stored}

    @api.model
    def _get_labels(self, lang=None):
        """Return ``{property name: (label, {key: choice})}`` of what we ship."""
        orders = self.with_context(lang=lang) if lang else self
        return {
            shipped["name"]: (shipped["string"], dict(shipped.get("selection") or ()))
            for shipped in orders._get_shipped_requirements()
        }

    @api.model
    def _relabel(self, definitions, before, after):
        if (self.env.lang or "en_US") == "en_US":
            return definitions
        result = []
        for definition in definitions:
            name = isinstance(definition, dict) and definition.get("name")
            if name in before:
                (label, choices), (new_label, new_choices) = before[name], after[name]
                definition = dict(definition)
                if definition.get("string") == label:
                    definition["string"] = new_label
                if definition.get("selection"):
                    definition["selection"] = [
                        [key, new_choices[key] if text == choices.get(key) else text]
                        for key, text in definition["selection"]
                    ]
            result.append(definition)
        return result

    # === WHAT WE SHIP ===#

    @api.model
    def _seed_requirements(self, xml_ids, only_empty=False):
        """Give the shipped classes their requirements.

        :param list xml_ids: of the classes, with module
        :param bool only_empty: leave a class alone that has requirements already
        """
        definition = self.with_context(lang="en_US")._get_shipped_requirements()
        for xml_id in xml_ids:
            order_class = self.env.ref(xml_id, raise_if_not_found=False)
            if order_class and not (only_empty and order_class.requirement_definition):
                order_class.requirement_definition = definition

    @api.model
    def _get_shipped_requirements(self):
        """Return the requirements of R-063 .. R-073 as properties, in the user's language."""
        yes_no = [
            ["yes", self.env._("Yes")],
            ["no", self.env._("No")],
            ["open", self.env._("To be decided")],
        ]
        rows = [
            ("explicit", "separator", self.env._("Explicit Requirements")),
            ("model", "char", self.env._("Model or name")),
            ("drawing", "char", self.env._("Drawing and structural parameters")),
            ("material", "char", self.env._("Material")),
            ("surface", "char", self.env._("Surface: plating or coating")),
            ("packaging", "text", self.env._("Packaging")),
            ("implied", "separator", self.env._("Implied and Legal Requirements")),
            ("use", "text", self.env._("Intended use, and what it implies")),
            ("legal", "text", self.env._("Standards, safety, environment")),
            ("safety_certificate", "char", self.env._("Safety certificates")),
            ("additional", "text", self.env._("Our own additional requirements")),
            ("expectations", "text", self.env._("Expectations beyond the contract")),
            ("engineering", "separator", self.env._("Sample, Mould, Quality")),
            ("sample", "selection", self.env._("Sample to be confirmed by the customer"), yes_no),
            ("mould", "selection", self.env._("Open a mould"), yes_no),
            ("board_process", "char", self.env._("Surface process chosen by the customer")),
            ("special_process", "text", self.env._("New product, special process or quality")),
            ("quality_plan", "char", self.env._("Supplementary quality plan on file")),
            ("needs", "separator", self.env._("Needs Analysis")),
            ("background", "text", self.env._("Why the customer needs it")),
            ("scale", "char", self.env._("Scale")),
            ("budget", "char", self.env._("Budget")),
        ]
        return [
            {
                "name": f"requirement_{name}",
                "type": kind,
                "string": label,
                **({"selection": choices[0]} if choices else {}),
            }
            for name, kind, label, *choices in rows
        ]
