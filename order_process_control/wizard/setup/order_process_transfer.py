import base64
import binascii
import json

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...models.change.simulation import undone

MAX_BYTES = 2 * 1024 * 1024


class OrderProcessTransfer(models.TransientModel):
    """Carries the configuration of the process from one database to another as a file."""

    _name = "order.process.transfer"
    _description = "Export or Import the Configuration"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    export_file = fields.Binary(readonly=True, attachment=False)
    export_name = fields.Char(readonly=True)
    import_file = fields.Binary(string="File", attachment=False)
    import_name = fields.Char()
    stage = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Imported")],
        default="file",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("order.process.transfer.line", "transfer_id", readonly=True)
    same_count = fields.Integer(readonly=True)
    changes = fields.Integer(compute="_compute_changes")
    notes = fields.Text(readonly=True)

    @api.depends("company_id")
    def _compute_name(self):
        self.name = self.env._("Export or Import")

    @api.depends("line_ids")
    def _compute_changes(self):
        for transfer in self:
            transfer.changes = len(transfer.line_ids)

    @api.model
    def action_open(self):
        """Return the action that opens a new wizard.

        :raise AccessError: for everybody but the process manager
        """
        self._check_may_transfer()
        transfer = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export or Import"),
            "res_model": self._name,
            "res_id": transfer.id,
            "view_mode": "form",
        }

    @api.model
    def _check_may_transfer(self):
        if not self.env.user.has_group("order_process_control.group_order_manager"):
            raise AccessError(
                self.env._("Only process managers export and import the configuration.")
            )

    def action_export(self):
        """Write the classes, channels, special reasons and steps of the company into a file.

        :return: the action that downloads it
        """
        self.ensure_one()
        self._check_may_transfer()
        data = self.env["order.process.configuration"]._export(self.company_id)
        text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
        self.write(
            {
                "export_file": base64.b64encode(text.encode()),
                "export_name": "order_process_configuration.json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{self.export_name}"
            "?download=true",
            "target": "self",
        }

    def action_preview(self):
        """Show what the file would change, by importing it and taking everything back.

        :return: True
        :raise UserError: in words, for whatever is wrong with the file
        """
        with undone(self.env):
            report = self._run_import()
        # What was read inside is not there any more
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        return self._show(report, "preview")

    def action_import(self):
        """Import the file.

        :return: True
        :raise UserError: in words, for whatever is wrong with the file
        """
        return self._show(self._run_import(), "done")

    def _show(self, report, stage):
        changes = [line for line in report.lines if line["change"] != "same"]
        self.write(
            {
                "stage": stage,
                "same_count": len(report.lines) - len(changes),
                "line_ids": [Command.clear(), *(Command.create(line) for line in changes)],
                "notes": "\n".join(dict.fromkeys(report.notes)) or False,
            }
        )
        return True

    def _run_import(self):
        self.ensure_one()
        self._check_may_transfer()
        data = self._read_file()
        configuration = self.env["order.process.configuration"]
        try:
            with self.env.cr.savepoint():
                return configuration._import(data, self.company_id)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise self._get_damage() from error
        except RecursionError as error:
            raise self._get_damage() from error

    def _read_file(self):
        """Return what JSON reads from the file.

        :raise UserError: when there is none, it is too large or no JSON
        """
        # bin_size: the size would come instead of the content
        content = self.with_context(bin_size=False).import_file
        if not content:
            raise UserError(self.env._("Choose the file that was exported first."))
        try:
            raw = base64.b64decode(content, validate=True)
            if len(raw) > MAX_BYTES:
                raise UserError(
                    self.env._("The file is too large for a configuration: choose another.")
                )
            return json.loads(raw.decode(), parse_constant=self._refuse_constant)
        except (binascii.Error, ValueError, RecursionError) as error:
            raise self._get_damage() from error

    @api.model
    def _refuse_constant(self, name):
        # NaN and Infinity are no JSON
        raise ValueError(name)

    @api.model
    def _get_damage(self):
        return UserError(
            self.env._(
                "This file cannot be read: it is damaged, or no configuration of the order process."
                " Export it again."
            )
        )


class OrderProcessTransferLine(models.TransientModel):
    """What the import does to one record."""

    _name = "order.process.transfer.line"
    _description = "Change by an Import"

    transfer_id = fields.Many2one("order.process.transfer", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="transfer_id.company_id", store=True)
    section = fields.Selection(
        [
            ("reasons", "Special Reason"),
            ("channels", "Order Channel"),
            ("classes", "Order Class"),
            ("steps", "Review Step"),
            ("criteria", "Criterion"),
        ],
        string="Kind",
    )
    name = fields.Char()
    change = fields.Selection([("new", "New"), ("changed", "Changed")])
    details = fields.Text(string="What Changes")
