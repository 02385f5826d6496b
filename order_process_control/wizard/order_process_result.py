from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderProcessResult(models.TransientModel):
    """What became of each record of an action on many."""

    _name = "order.process.result"
    _description = "Result of an Action on Many Records"

    summary = fields.Char(readonly=True)
    line_ids = fields.One2many("order.process.result.line", "result_id", readonly=True)

    @api.model
    def _show(self, title, records, results):
        """Return the action that shows ``results``, dicts ``id``, ``name``, ``done``, ``message``.

        :param records: of the model that the ids belong to
        """
        done = sum(result["done"] for result in results)
        wizard = self.create(
            {
                "summary": self.env._(
                    "%(done)s done, %(left)s left", done=done, left=len(results) - done
                ),
                "line_ids": [
                    fields.Command.create(
                        {
                            "res_model": records._name,
                            "res_id": result["id"],
                            "name": result["name"],
                            "is_done": result["done"],
                            "message": result["message"],
                        }
                    )
                    for result in sorted(results, key=lambda result: result["done"])
                ],
            }
        )
        return wizard._get_records_action(name=title, target="new")


class OrderProcessResultLine(models.TransientModel):
    _name = "order.process.result.line"
    _description = "Result of One Record"

    result_id = fields.Many2one(
        "order.process.result", string="Action", required=True, ondelete="cascade"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    name = fields.Char(string="Record", readonly=True)
    is_done = fields.Boolean(string="Done", readonly=True)
    message = fields.Char(string="Result", readonly=True)

    def action_open(self):
        """Open the record of this line, with the user's own rights.

        :return: a window action
        """
        if len(self.ids) != 1 or self.res_model not in self.env:
            raise UserError(self.env._("There is no record to open."))
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
