"""Sign-offs that are open get their clocks, from now: no deadline is invented for the past.

Quotations that are registered or in review get one of their own with their next submission.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["order.signoff"]._start_missing_clocks([])
