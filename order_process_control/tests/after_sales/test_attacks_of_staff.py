from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal import PortalCommon

ACCESS_ERROR = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestAttacksOfStaff(PortalCommon):
    """What our own people must not reach over RPC with the rights that they have."""

    def setUp(self):
        super().setUp()
        muted = mute_logger("odoo.http")
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def _be(self, user):
        self.authenticate(user.login, user.login)

    def _new(self, **vals):
        """Return what a client gets who creates a ticket: its id, or the name of the error."""
        vals = {"subject": "x", "partner_id": self.customer.id, "category_id": self.category.id} | vals
        return self._call("order.ticket", "create", vals)

    # === THE FIELDS OF THE PROCESS ===#

    def test_first_row_of_everything(self):
        """1 is the line that a ticket begins with, and the id of somebody's round or ticket."""
        fields = self.env["order.ticket"]._fields
        self._be(self.agent)
        for name in sorted(self.env["order.ticket"]._get_process_fields()):
            if fields[name].type in ("many2one", "integer") and name != "tier":
                self.assertEqual(self._new(**{name: 1}), ACCESS_ERROR, name)
            elif fields[name].type in ("char", "text"):
                self.assertEqual(self._new(**{name: "new"}), ACCESS_ERROR, name)
        ticket_id = self._new(state="new", tier=1, active=True, merged_into_id=False)
        ticket = self.env["order.ticket"].browse(ticket_id)
        self.assertEqual((ticket.state, ticket.tier, ticket.active), ("new", 1, True))

    def test_refused_delivery_is_not_chosen(self):
        picking = self.order.picking_ids[:1]
        self._be(self.agent)
        vals = {"refused_picking_id": picking.id}
        self.assertEqual(self._new(**vals), ACCESS_ERROR)
        answer = self._call("order.ticket", "write", self.ticket.ids, vals)
        self.assertEqual(answer, ACCESS_ERROR)
