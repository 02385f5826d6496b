import logging

from odoo import api, models
from odoo.tools import split_every

from ..order.isolation import isolate

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class OrderTicket(models.Model):
    """What scheduled actions do to tickets, once a day."""

    _inherit = "order.ticket"

    @api.model
    def _work_through(self, domain, work):
        """Do ``work(tickets)`` for all tickets of a domain, a batch a transaction.

        Tickets that somebody works on at this moment are passed over, and those that raise are
        logged: both are tried again on the next run.

        :param work: a method of tickets that takes them out of the domain
        """
        cron, ids = self.env["ir.cron"], self.search(domain, order="id").ids
        cron._commit_progress(remaining=len(ids))
        for batch in split_every(BATCH_SIZE, ids):
            free = self.browse(batch).try_lock_for_update(allow_referencing=True)
            # Another worker may have been there since
            tickets = free.filtered_domain(domain)
            if tickets:
                isolate(work, tickets, self._log_failure)
            if not cron._commit_progress(len(batch)):
                break  # time is up; the scheduler calls again for the others

    @api.model
    def _log_failure(self, ticket):
        _logger.exception("Scheduled work on the ticket %s failed", ticket.display_name)
