from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common import UrgencyCommon


class EmergencyCommon(UrgencyCommon):
    """A confirmed order whose customer stands still, production and logistics to confirm."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logistics_user = cls._create_user("opc_log", cls._group("reviewer"))
        cls.logistics = cls._create_department("Logistics", cls.logistics_user)
        cls.purchasing_user = cls._create_user("opc_purch", cls._group("reviewer"))
        cls.purchasing = cls._create_department("Purchasing", cls.purchasing_user)
        cls.company.write(
            {
                "order_supply_department_ids": [Command.set((cls.production | cls.purchasing).ids)],
                "order_shipping_department_ids": [Command.set(cls.logistics.ids)],
            }
        )
        cls._stock(cls.product, 100)
        cls.customer.email = "line@example.com"
        cls.order = cls._confirm((cls.product, 2)).with_user(cls.salesperson)
        cls.needed_by = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        cls.soon = cls.needed_by - timedelta(days=1)
        cls.late = cls.needed_by + timedelta(days=1)

    @classmethod
    def _create_emergency(cls, order=None, user=None, **vals):
        return (
            cls.env["order.expedite"]
            .with_user(user or cls.salesperson)
            .create(
                {
                    "order_id": (order or cls.order).id,
                    "kind": "emergency",
                    "reason": "Their line stands still.",
                    "needed_by": cls.needed_by,
                    "supply_department_id": cls.production.id,
                    **vals,
                }
            )
        )

    def _confirm_until(self, part, **vals):
        """Return an emergency whose turn it is to confirm ``part``."""
        emergency = self._create_emergency(**vals)
        if part != "need":
            emergency.action_confirm_need("2 desks", self.needed_by)
        if part in ("shipment", "confirmed"):
            emergency.with_user(self.production_user).action_confirm_supply("stock")
        if part == "confirmed":
            emergency.with_user(self.logistics_user).action_confirm_shipment(
                "air", "Airport, then by van", self.soon
            )
        return emergency

    def _get_tasks(self, emergency, kind, user=None):
        activity_type = self.env.ref(f"order_process_control.mail_activity_type_{kind}")
        tasks = emergency.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == activity_type
        )
        return tasks.filtered(lambda a: a.user_id == user) if user else tasks
