from ..common import OrderProcessCommon


class OralCommon(OrderProcessCommon):
    """Orders by word of mouth and their records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls.env.ref("utm.utm_medium_phone")

    @classmethod
    def _create_oral_order(cls, **vals):
        return cls._create_order(medium_id=cls.phone.id, **vals)

    @classmethod
    def _create_record(cls, order, user=None, **vals):
        return (
            cls.env["order.oral.record"]
            .with_user(user or cls.salesperson)
            .create(
                {
                    "order_id": order.id,
                    "caller_name": "Ms Caller",
                    "content": "Two desks at 100, in ten days",
                    **vals,
                }
            )
        )

    def _make_contract(self, record):
        record.action_confirm_ours()
        record.action_confirm_customer("Ms Caller", "phone")
