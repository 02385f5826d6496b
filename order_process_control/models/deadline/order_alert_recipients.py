from odoo import api, fields, models

# By level: the word of it in the names of fields
LEVELS = {"1": "general", "2": "important", "3": "emergency"}
LEVEL_CHOICES = [("1", "General"), ("2", "Important"), ("3", "Emergency")]


class OrderAlertRecipients(models.AbstractModel):
    """Who is told at which level (R-301, R-309): chosen for a policy, and for a rule."""

    _name = "order.alert.recipients"
    _description = "Who is Told of Alerts"

    general_owner = fields.Boolean("General: Owner", default=True)
    general_department = fields.Boolean("General: Department Manager")
    general_manager = fields.Boolean("General: Process Manager")
    important_owner = fields.Boolean("Important: Owner", default=True)
    important_department = fields.Boolean("Important: Department Manager", default=True)
    important_manager = fields.Boolean("Important: Process Manager")
    emergency_owner = fields.Boolean("Emergency: Owner", default=True)
    emergency_department = fields.Boolean("Emergency: Department Manager", default=True)
    emergency_manager = fields.Boolean("Emergency: Process Manager", default=True)
    send_mail = fields.Boolean(
        string="Also by E-mail", help="Beside the activity, one mail a person and run."
    )

    @api.model
    def _get_roles(self):
        """Return the roles that can be told; fields ``<level>_<role>`` say at which level."""
        return ("owner", "department", "manager")

    def _get_told_roles(self):
        """Return ``{level: roles that are told}`` of this record."""
        self.ensure_one()
        return {
            level: tuple(role for role in self._get_roles() if self[f"{word}_{role}"])
            for level, word in LEVELS.items()
        }
