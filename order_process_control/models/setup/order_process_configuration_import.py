from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError

from . import transfer_values
from .order_process_configuration import FORMAT, VERSION
from .transfer_values import BadValue

MAX_RECORDS = 2000


@dataclass
class Report:
    """What an import has changed, or would change."""

    # {"section", "name", "change" (new / changed / same), "details"}
    lines: list = field(default_factory=list)
    # Sentences on what is unknown here
    notes: list = field(default_factory=list)


class OrderProcessConfiguration(models.AbstractModel):
    """Brings a database in line with a configuration file that may come from anywhere."""

    _inherit = "order.process.configuration"

    @api.model
    def _import(self, data, company):
        """Bring the configuration of a company in line with a file; idempotent.

        :param data: what JSON read from the file, whatever it is
        :return: Report
        :raise UserError: in words, for whatever is wrong with the file
        """
        self._check_file(data)
        report = Report()
        for section in self._get_sections():
            left = list(self._get_records(section, company))
            for entry in self._get_entries(data, section):
                record = self._take(left, entry) or self.env[self._get_sections()[section]]
                self._import_record(section, record, entry, company, report)
        return report

    @api.model
    def _check_file(self, data):
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise UserError(
                self.env._(
                    "This is no configuration of the order process: choose a file that was exported"
                    " here."
                )
            )
        if data.get("version") != VERSION:
            raise UserError(
                self.env._(
                    "This file was exported by another version of Order Process Control: update"
                    " this database or export it again."
                )
            )

    @api.model
    def _get_entries(self, data, section):
        """Return the entries of a list in the file, each with a name.

        :raise UserError: when it is no such list
        """
        entries = data.get(section) or []
        if (
            not isinstance(entries, list)
            or len(entries) > MAX_RECORDS
            or not all(isinstance(e, dict) for e in entries)
            or not all(isinstance(e.get("name"), str) and e["name"].strip() for e in entries)
        ):
            raise UserError(
                self.env._(
                    "The list “%s” of the file is damaged: export the configuration again.", section
                )
            )
        return entries

    @api.model
    def _take(self, left, entry):
        """Take the record that an entry is about off the list ``left``: by the part of a preset
        it was set up from, else by name; of two of the same name each has its turn."""
        key, name = entry.get("setup_key"), entry["name"].strip().casefold()
        fitting = [
            record for record in left if self._is_shared(record) == bool(entry.get("shared"))
        ]
        found = [r for r in fitting if key and "setup_key" in r._fields and r.setup_key == key]
        found += [record for record in fitting if (record.name or "").strip().casefold() == name]
        if found:
            left.remove(found[0])
            return found[0]
        return None

    @api.model
    def _is_shared(self, record):
        has_company = record._name in ("order.class", "order.review.step")
        return has_company and not record.company_id

    @api.model
    def _import_record(self, section, record, entry, company, report, defaults=None):
        """Create or update one record and say what that changed."""
        model = record._name
        record = record.with_context(active_test=False, lang=None)
        vals = self._prepare_plain_vals(model, entry, report)
        vals |= self._prepare_relation_vals(model, record, entry, company, report)
        if record:
            changed = {n: v for n, v in vals.items() if self._read(record, n) != v}
            details = self._describe_changes(record, changed)
            if changed:
                record.write(self._prepare_write(model, changed))
        else:
            details, changed = "", vals
            if "company_id" in record._fields and model != "order.review.criterion":
                vals["company_id"] = not entry.get("shared") and company.id
            record = record.create({**self._prepare_write(model, vals), **(defaults or {})})
            record = record.with_context(active_test=False, lang=None)
        is_new = changed is vals
        translated = self._import_translations(record, entry, report)
        line = {
            "section": section,
            "name": record.name,
            "change": "new" if is_new else "changed" if changed or translated else "same",
            "details": details or (self.env._("Translation") if translated and not is_new else ""),
        }
        report.lines.append(line)
        if model == "order.review.step":
            self._import_criteria(record, entry, company, report)

    @api.model
    def _import_criteria(self, step, entry, company, report):
        left = list(step.criterion_ids)
        for child in self._get_entries(entry, "criteria"):
            record = self._take(left, child) or self.env["order.review.criterion"]
            self._import_record("criteria", record, child, company, report, {"step_id": step.id})

    # === VALUES ===#

    @api.model
    def _prepare_plain_vals(self, model, entry, report):
        fields_, vals = self.env[model]._fields, {}
        names = set(self._get_field_names(model))
        known = names | {"shared", "departments", "department", "reviewers", "classes", "policy"}
        for name in sorted(entry.keys() - known - {"criteria", "translations"}):
            report.notes.append(self.env._("“%s” is not known here and is left out.", name[:60]))
        for name in sorted(names & entry.keys()):
            try:
                vals[name] = transfer_values.clean(self.env, fields_[name], entry[name])
            except BadValue as error:
                raise UserError(
                    self.env._(
                        "“%(record)s”: the value of “%(field)s” makes no sense here. Correct it in"
                        " the file, or install what the other database has installed.",
                        record=entry["name"][:60],
                        field=fields_[name].get_description(self.env)["string"],
                    )
                ) from error
        return vals

    @api.model
    def _prepare_relation_vals(self, model, record, entry, company, report):
        """Return ids for what the file names; what is unknown is reported and left as it is."""
        vals = {}
        if model == "order.class" and "departments" in entry:
            current = record.department_ids
            found = self._find_departments(entry["departments"], current, company, report)
            if found or not entry["departments"]:
                vals["department_ids"] = found
        elif model == "order.review.step":
            if entry.get("department"):
                current = record.department_id
                found = self._find_departments([entry["department"]], current, company, report)
                if found:
                    vals["department_id"] = found[0]
            if "reviewers" in entry:
                found = self._find_users(entry["reviewers"], company, report)
                # Never empty because nobody is known: then everybody in the department could sign
                if found or not entry["reviewers"]:
                    vals["reviewer_ids"] = found
            if "classes" in entry:
                current = record.class_ids
                vals["class_ids"] = self._find_classes(entry["classes"], current, company, report)
            if "policy" in entry:
                vals["policy_id"] = self._find_policy(entry["policy"], company, report)
        return vals

    @api.model
    def _get_names(self, names):
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UserError(
                self.env._("The file is damaged: it names people or departments in no list.")
            )
        return names

    @api.model
    def _find(self, names, known, report, sentence):
        """Return the records that are named; ``sentence`` reports each other name.

        :param known: pairs of name and record, the first of a name counts
        """
        by_name, found = {}, []
        for name, record in known:
            by_name.setdefault((name or "").strip().casefold(), record)
        for name in self._get_names(names):
            record = by_name.get(name.strip().casefold())
            if record:
                found.append(record.id)
            else:
                report.notes.append(sentence % name[:60])
        return sorted({*found})

    @api.model
    def _find_departments(self, names, current, company, report):
        """Return ids: those that the record has already go first, then full names, then short."""
        departments = self.env["hr.department"].with_context(lang=None)
        departments = departments.search([("company_id", "in", (company.id, False))])
        departments = departments.sorted(lambda d: d.id not in current.ids)
        known = [(d.complete_name, d) for d in departments] + [(d.name, d) for d in departments]
        sentence = self.env._("There is no department “%s” here: choose one in the step or class.")
        return self._find(names, known, report, sentence)

    @api.model
    def _find_users(self, logins, company, report):
        users = self.env["res.users"].search(
            [
                ("login", "in", self._get_names(logins)),
                ("share", "=", False),
                ("company_ids", "in", company.id),
            ]
        )
        sentence = self.env._(
            "There is no colleague “%s” here: nobody is created; choose who signs."
        )
        return self._find(logins, [(user.login, user) for user in users], report, sentence)

    @api.model
    def _find_classes(self, names, current, company, report):
        """Return ids: of two classes of the same name the one that the step has already goes
        first, then the company's own."""
        classes = self._get_records("classes", company).sorted(
            lambda c: (c.id not in current.ids, not c.active, not c.company_id)
        )
        sentence = self.env._("There is no order class “%s” here: it is left out.")
        found = self._find(names, [(c.name, c) for c in classes], report, sentence)
        if self._get_names(names) and not found:
            raise UserError(
                self.env._(
                    "None of the order classes %s is in the file or here. The step would be asked"
                    " for every order: export the configuration again, with its classes.",
                    ", ".join(name[:60] for name in names),
                )
            )
        return found

    @api.model
    def _find_policy(self, name, company, report):
        """Return the id of the policy that times a step; False: as usual for the department."""
        if not name:
            return False
        policies = self.env["order.deadline.policy"].with_context(lang=None)
        policies = policies.search(
            [("clock", "=", "signoff"), ("company_id", "in", (company.id, False))]
        )
        known = [(policy.name, policy) for policy in policies]
        sentence = self.env._("There is no deadline policy “%s” here: choose one in the step.")
        return (self._find([name], known, report, sentence) or [False])[0]

    @api.model
    def _read(self, record, name):
        """Return the value of a field in the way that the import writes it."""
        value = record[name]
        if record._fields[name].type == "many2many":
            return sorted(record.with_context(active_test=True)[name].ids)
        return value.id if record._fields[name].type == "many2one" else value

    @api.model
    def _prepare_write(self, model, vals):
        return {
            name: [(6, 0, value)] if self.env[model]._fields[name].type == "many2many" else value
            for name, value in vals.items()
        }

    @api.model
    def _describe_changes(self, record, changed):
        """Return in words what changes of a record."""

        def tell(name, value):
            field_ = record._fields[name]
            if field_.relational:
                named = self.env[field_.comodel_name].browse(value or [])
                return ", ".join(named.sudo().mapped("display_name")) or "-"
            is_empty = value is False and field_.type != "boolean"
            return "-" if is_empty else str(value)[:80]

        return "; ".join(
            self.env._(
                "%(field)s: %(before)s → %(after)s",
                field=record._fields[name].get_description(self.env)["string"],
                before=tell(name, self._read(record, name)),
                after=tell(name, value),
            )
            for name, value in changed.items()
        )

    @api.model
    def _import_translations(self, record, entry, report):
        """Write the texts of the languages that this database has; return whether any differed."""
        translations = entry.get("translations") or {}
        names = self._get_translated_names(record._name)
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        changed = False
        for code in installed if isinstance(translations, dict) else ():
            texts = translations.get(code)
            for name in names if isinstance(texts, dict) else ():
                text = texts.get(name)
                if not isinstance(text, str) or not text or not record[name]:
                    continue
                try:
                    text = transfer_values.clean(self.env, record._fields[name], text)
                except BadValue:
                    continue
                if record.with_context(lang=code)[name] != text:
                    record.update_field_translations(name, {code: text})
                    changed = True
        return changed
