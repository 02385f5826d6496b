"""The record rules of the reviewers ask row by row, so that lists stay quick over the years.

They are not updated by themselves: an administrator may have changed them. Only what we wrote is
replaced, wherever it stands.
"""

import re

from odoo import SUPERUSER_ID, api

# ('signoff_ids', 'any', ['|', ...]) with any path before it
OLD = re.compile(r"\('(?:\w+\.)*signoff_ids', 'any', \[(?:'\|'|\([^()]*\)|, )*\]\)")
NEW = "('is_for_signer', '=', True)"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    data = env["ir.model.data"].search(
        [("module", "=", "order_process_control"), ("model", "=", "ir.rule")]
    )
    for rule in env["ir.rule"].browse(data.mapped("res_id")).exists():
        domain = OLD.sub(NEW, rule.domain_force or "")
        if domain != (rule.domain_force or ""):
            rule.domain_force = domain
